// personName: a person's name in its parts; shown in the order that its script has.
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { refused } from './outcome.ts';
import { missingParts, partsFaces, readPart, readParts, requiredParts, type TextPart } from './parts-value.ts';
import { type NameOrder, type NameParts, nameOrders, personNameText } from './person-name-text.ts';

const parts = {
  prefix: { label: { en: 'Title', ar: 'اللقب', he: 'תואר' }, maxLength: 50 },
  given: { label: { en: 'Given name', ar: 'الاسم الأول', he: 'שם פרטי' }, maxLength: 120 },
  middle: { label: { en: 'Middle names', ar: 'الاسم الأوسط', he: 'שם אמצעי' }, maxLength: 120 },
  family: { label: { en: 'Family name', ar: 'اسم العائلة', he: 'שם משפחה' }, maxLength: 120 },
  suffix: { label: { en: 'Suffix', ar: 'اللاحقة', he: 'סיומת' }, maxLength: 50 },
} satisfies Record<string, TextPart>;

function parse(value: unknown, field: FieldMetadata) {
  const read = readParts(value, 'A name', parts, (name, given) => {
    const one = readPart(given, parts[name as keyof typeof parts]);
    if ('issues' in one || one.value === null) return one;
    if (/[\r\n]/.test(one.value)) return refused('line_break', 'The text must be on one line.');
    const text = one.value.trim();
    return { value: text === '' ? null : text };
  });
  if ('issues' in read) return read;
  const issues = missingParts(read.columns, field);
  if (issues.length > 0) return { issues };
  const { _given: given, _family: family } = read.columns;
  const titled = Object.values(read.columns).some((part) => part !== null);
  // A title alone names nobody; some people have one name only, whichever it is.
  if (titled && given == null && family == null) return refused('required', 'A name has a given or a family name.');
  return read;
}

const orderOf = (field: FieldMetadata): NameOrder => nameOrders.find((order) => order === field['order']) ?? 'byScript';

export const personName: FieldType = defineFieldType({
  ...partsFaces(parts),
  name: 'personName',
  label: { en: "Person's name", ar: 'اسم شخص', he: 'שם של אדם' },
  settings: { ...requiredParts(parts), order: { enum: nameOrders } },
  widget: 'personName',
  parse,
  text: (value, field) => personNameText(value as NameParts, orderOf(field)),
  fromText: () => refused('person_name', 'A name is imported part by part (given, family, …).'),
});
