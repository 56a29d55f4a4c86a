// image: a raster image with its width and height.
import { defineFieldType } from './define-field-type.ts';
import type { FieldMetadata, FieldType } from './field-type.ts';
import { fileFaces, fileSettings } from './file-value.ts';
import { accepts, imageTypes } from './media-types.ts';

const faces = fileFaces(true);
const pixels = { type: 'integer', minimum: 1, maximum: 100_000, description: 'Pixels.' };

export const image: FieldType = defineFieldType({
  ...faces,
  name: 'image',
  label: { en: 'Image', ar: 'صورة', he: 'תמונה' },
  settings: { ...fileSettings, maxWidth: pixels, maxHeight: pixels },
  widget: 'image',
  check: (field: FieldMetadata) => {
    const accept = Array.isArray(field['accept']) ? field['accept'].map(String) : [];
    const wrong = accept.findIndex((pattern) => !imageTypes.some((type) => accepts([pattern], type)));
    return [
      ...(faces.check?.(field) ?? []),
      ...(wrong < 0
        ? []
        : [{ pointer: `/accept/${wrong}`, detail: `"${accept[wrong]}" is no type of image; ${imageTypes.join(', ')} are.` }]),
    ];
  },
});
