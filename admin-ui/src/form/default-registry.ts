// Stands in for rjsf's default registry: the field logic without its widgets and templates, which ours replace (vite.config.ts).
import ArrayField from '@rjsf/core/lib/components/fields/ArrayField.js';
import BooleanField from '@rjsf/core/lib/components/fields/BooleanField.js';
import FallbackField from '@rjsf/core/lib/components/fields/FallbackField.js';
import NumberField from '@rjsf/core/lib/components/fields/NumberField.js';
import ObjectField from '@rjsf/core/lib/components/fields/ObjectField.js';
import SchemaField from '@rjsf/core/lib/components/fields/SchemaField.js';
import StringField from '@rjsf/core/lib/components/fields/StringField.js';
import { DEFAULT_ID_PREFIX, DEFAULT_ID_SEPARATOR, englishStringTranslator } from '@rjsf/utils';

const none = (): null => null;

export default function getDefaultRegistry() {
  return {
    fields: { ArrayField, BooleanField, FallbackField, NumberField, ObjectField, SchemaField, StringField },
    templates: {
      ArrayFieldDescriptionTemplate: none,
      ArrayFieldTitleTemplate: none,
      ButtonTemplates: {},
      TitleFieldTemplate: none,
      UnsupportedFieldTemplate: none,
    },
    widgets: {},
    rootSchema: {},
    formContext: {},
    translateString: englishStringTranslator,
    globalFormOptions: {
      idPrefix: DEFAULT_ID_PREFIX,
      idSeparator: DEFAULT_ID_SEPARATOR,
      useFallbackUiForUnsupportedType: false,
    },
  };
}
