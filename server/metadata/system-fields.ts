// The fields that every entity has without declaring them, and the relations to who created and changed a record.
import type { FieldMetadata, Label } from '../fields/field-type.ts';
import type { EntityMetadata } from './types.ts';

export interface SystemField {
  readonly name: string;
  readonly meta: FieldMetadata;
  readonly required: boolean;
  readonly hidden: boolean;
  /** false: a client may set it (external_id). */
  readonly readOnly: boolean;
}

const define = (
  name: string,
  type: string,
  label: Label,
  more: Partial<SystemField> & { readonly settings?: object } = {},
): SystemField => ({
  name,
  meta: { id: systemFieldId(name), type, label, ...more.settings },
  required: more.required ?? false,
  hidden: more.hidden ?? false,
  readOnly: more.readOnly ?? true,
});

/** Before the declared fields. */
export function leadingFields(): readonly SystemField[] {
  return [define('id', 'id', { en: 'Id', ar: 'المعرّف', he: 'מזהה' }, { required: true })];
}

/** After the declared fields. */
export function trailingFields(entity: Pick<EntityMetadata, 'features' | 'search'>): readonly SystemField[] {
  return [
    ...(entity.features?.import === true
      ? [
          define(
            'external_id',
            'text',
            { en: 'External id', ar: 'المعرّف الخارجي', he: 'מזהה חיצוני' },
            {
              readOnly: false,
              settings: {
                maxLength: 200,
                unique: true,
                help: {
                  en: 'Id in the system that the record came from.',
                  ar: 'المعرّف في النظام الذي جاء منه السجل.',
                  he: 'המזהה במערכת שממנה הגיעה הרשומה.',
                },
              },
            },
          ),
        ]
      : []),
    define('display_name', 'text', { en: 'Name', ar: 'الاسم', he: 'שם' }, { required: true }),
    ...(entity.search === undefined
      ? []
      : [define('search_text', 'text', { en: 'Search text', ar: 'نص البحث', he: 'טקסט לחיפוש' }, { hidden: true })]),
    define('version', 'integer', { en: 'Version', ar: 'الإصدار', he: 'גרסה' }, { required: true }),
    define('created_at', 'dateTime', { en: 'Created', ar: 'تاريخ الإنشاء', he: 'נוצר' }, { required: true }),
    define('created_by', 'reference', { en: 'Created by', ar: 'أنشأه', he: 'נוצר על ידי' }),
    define('updated_at', 'dateTime', { en: 'Updated', ar: 'تاريخ التحديث', he: 'עודכן' }, { required: true }),
    define('updated_by', 'reference', { en: 'Updated by', ar: 'حدّثه', he: 'עודכן על ידי' }),
    define('deleted_at', 'dateTime', { en: 'Deleted', ar: 'تاريخ الحذف', he: 'נמחק' }),
    define('deleted_by', 'id', { en: 'Deleted by', ar: 'حذفه', he: 'נמחק על ידי' }),
    define('deletion_id', 'id', { en: 'Deletion', ar: 'عملية الحذف', he: 'מחיקה' }, { hidden: true }),
  ];
}

/** The id of a system field by its name. */
export const systemFieldId = (name: string): string => `sys_${name}`;

/** A column that the engine keeps for the duplicate rules. */
export const matchField = (name: string): SystemField =>
  define(name, 'text', { en: 'Key for matching', ar: 'مفتاح المطابقة', he: 'מפתח התאמה' }, { hidden: true });

/** Relations of every entity: name → the reference field it carries. */
export const systemRelations: Readonly<Record<string, { readonly field: string; readonly label: Label }>> = {
  creator: { field: 'created_by', label: { en: 'Created by', ar: 'أنشأه', he: 'נוצר על ידי' } },
  updater: { field: 'updated_by', label: { en: 'Updated by', ar: 'حدّثه', he: 'עודכן על ידי' } },
};

/** The entity that people are records of; of the platform layer, so every application has it. */
export const usersEntity = 'users';

/** Names that no declared field may have, whether or not the entity has the system field. */
export const reservedFieldNames: ReadonlySet<string> = new Set(
  [...leadingFields(), ...trailingFields({ features: { import: true }, search: { fields: [] } })].map((field) => field.name),
);
