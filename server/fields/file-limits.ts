// What a field of files takes: media types, size, and of images their width and height.
import type { FieldIssue, FieldMetadata } from './field-type.ts';
import { accepts, imageTypes } from './media-types.ts';

export interface FileFacts {
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
}

export const isFileType = (type: string): boolean => type === 'file' || type === 'image';

/** The media types that the field takes. */
export function acceptedTypes(field: FieldMetadata): readonly string[] {
  const given = Array.isArray(field['accept']) ? field['accept'].map(String) : undefined;
  if (field.type !== 'image') return given ?? ['*/*'];
  return given === undefined ? imageTypes : imageTypes.filter((type) => accepts(given, type));
}

/** The first reason why the field does not take the file; undefined when it does. */
export function fileIssue(field: FieldMetadata, { type, size, width, height }: FileFacts): Omit<FieldIssue, 'path'> | undefined {
  const types = acceptedTypes(field);
  if (!accepts(types, type)) return { code: 'file_type', detail: `The file is ${type}; taken is ${types.join(', ')}.` };
  const { maxSize, maxWidth, maxHeight } = field;
  if (typeof maxSize === 'number' && size > maxSize)
    return { code: 'file_size', detail: `At most ${maxSize} bytes; these are ${size}.` };
  if (field.type !== 'image') return undefined;
  if (width === null || height === null) return { code: 'image', detail: 'The image cannot be read.' };
  if (typeof maxWidth === 'number' && width > maxWidth)
    return { code: 'image_width', detail: `At most ${maxWidth} pixels wide; these are ${width}.` };
  if (typeof maxHeight === 'number' && height > maxHeight)
    return { code: 'image_height', detail: `At most ${maxHeight} pixels high; these are ${height}.` };
  return undefined;
}
