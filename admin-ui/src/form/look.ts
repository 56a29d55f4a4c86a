// Which component draws what: the widgets by the names that field types give, and our templates.
import type { RegistryFieldsType, RegistryWidgetsType, RJSFSchema, TemplatesType } from '@rjsf/utils';
import type { RecordFormContext } from './form-context.ts';
import { FieldTemplate } from './templates/field-template.tsx';
import { ObjectTemplate } from './templates/object-template.tsx';
import { AnyReferenceWidget } from './widgets/any-reference-widget.tsx';
import { BooleanWidget } from './widgets/boolean-widget.tsx';
import { ColorWidget } from './widgets/color-widget.tsx';
import { DateTimeWidget } from './widgets/date-time-widget.tsx';
import { DateWidget } from './widgets/date-widget.tsx';
import { DurationWidget } from './widgets/duration-widget.tsx';
import { FileField } from './widgets/file-field.tsx';
import { JsonField } from './widgets/json-field.tsx';
import { LookupWidget } from './widgets/lookup-widget.tsx';
import { MoneyWidget } from './widgets/money-widget.tsx';
import { NumberWidget } from './widgets/number-widget.tsx';
import { MultiSelectWidget, SelectWidget } from './widgets/option-widgets.tsx';
import { RatingWidget } from './widgets/rating-widget.tsx';
import { RichTextWidget } from './widgets/rich-text-widget.tsx';
import { SecretWidget } from './widgets/secret-widget.tsx';
import { TextAreaWidget, TextWidget } from './widgets/text-widgets.tsx';

type Values = Record<string, unknown>;
type Templates = Partial<Omit<TemplatesType<Values, RJSFSchema, RecordFormContext>, 'ButtonTemplates'>>;

const none = (): null => null;

export const widgets: RegistryWidgetsType<Values, RJSFSchema, RecordFormContext> = {
  text: TextWidget,
  readOnly: TextWidget,
  textarea: TextAreaWidget,
  richText: RichTextWidget,
  email: TextWidget,
  phone: TextWidget,
  url: TextWidget,
  time: TextWidget,
  integer: NumberWidget,
  decimal: NumberWidget,
  percent: NumberWidget,
  duration: DurationWidget,
  degrees: NumberWidget,
  money: MoneyWidget,
  checkbox: BooleanWidget,
  select: SelectWidget,
  currency: SelectWidget,
  country: SelectWidget,
  multiSelect: MultiSelectWidget,
  date: DateWidget,
  dateTime: DateTimeWidget,
  lookup: LookupWidget,
  anyReference: AnyReferenceWidget,
  rating: RatingWidget,
  color: ColorWidget,
  password: SecretWidget,
};

export const fields: RegistryFieldsType<Values, RJSFSchema, RecordFormContext> = { json: JsonField, file: FileField };

export const templates: Templates = {
  FieldTemplate,
  ObjectFieldTemplate: ObjectTemplate,
  FieldErrorTemplate: none,
  FieldHelpTemplate: none,
  DescriptionFieldTemplate: none,
  ErrorListTemplate: none,
};
