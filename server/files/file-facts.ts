// What a file is, by its own bytes: its media type, and of an image the width and the height.
import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import { imageSizeFromFile } from 'image-size/fromFile';
import { imageTypes } from '../fields/media-types.ts';

export interface Facts {
  readonly type: string;
  readonly width: number | null;
  readonly height: number | null;
}

/** Texts have no signature: the name tells them apart, if they are texts at all. None of them is ever drawn in a page. */
const textTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  htm: 'text/html',
  html: 'text/html',
  ics: 'text/calendar',
  json: 'application/json',
  md: 'text/markdown',
  svg: 'image/svg+xml',
  tsv: 'text/tab-separated-values',
  vcf: 'text/vcard',
  xml: 'application/xml',
};
const looksLikeHtml = /^\s*(<!doctype html|<html|<script|<body|<head|<iframe)/i;
const looksLikeSvg = /<svg[\s>]/i;

/** @param name as it will be kept */
export async function factsOf(path: string, name: string): Promise<Facts> {
  const found = await fileTypeFromFile(path);
  const type = found === undefined || found.mime === 'application/xml' ? await textTypeOf(path, name) : found.mime;
  if (!imageTypes.includes(type)) return { type, width: null, height: null };
  try {
    const { width, height, orientation } = await imageSizeFromFile(path);
    // A photo that was taken upright is stored lying, with a note of that.
    const lying = orientation !== undefined && orientation >= 5;
    return lying ? { type, width: height, height: width } : { type, width, height };
  } catch {
    return { type, width: null, height: null };
  }
}

const sample = 4096;

async function textTypeOf(path: string, name: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(sample), 0, sample, 0);
    const bytes = buffer.subarray(0, bytesRead);
    const text = textOf(bytes);
    if (text === undefined) return 'application/octet-stream';
    if (looksLikeSvg.test(text)) return 'image/svg+xml';
    if (looksLikeHtml.test(text)) return 'text/html';
    return textTypes[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? 'text/plain';
  } finally {
    await handle.close();
  }
}

/** UTF-8 without controls that no text has; the sample may end inside of a letter. */
function textOf(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells bytes from text
    return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}
