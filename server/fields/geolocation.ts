// geolocation: a point on the earth in WGS 84 degrees, kept to six decimals (about 0.1 m).
import Big from 'big.js';
import { decimalOf } from '../conditions/values.ts';
import { defineFieldType } from './define-field-type.ts';
import type { FieldIssue, FieldType } from './field-type.ts';
import { refused } from './outcome.ts';

const decimals = 6;
const limits: Readonly<Record<string, number>> = { lat: 90, lng: 180 };
const shape = 'Expected an object like {"lat": 59.33, "lng": 18.06}.';

function parse(value: unknown) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refused('type', shape);
  const given = new Map<string, unknown>(Object.entries(value));
  if (given.size !== 2 || !given.has('lat') || !given.has('lng')) return refused('type', shape);
  const issues: FieldIssue[] = [];
  const columns: Record<string, string> = {};
  for (const [part, limit] of Object.entries(limits)) {
    const degrees = decimalOf(given.get(part));
    if (degrees === undefined || degrees.abs().gt(limit)) {
      issues.push({ path: `/${part}`, code: 'degrees', detail: `Expected degrees from -${limit} to ${limit}.` });
    } else columns[`_${part}`] = degrees.round(decimals, Big.roundHalfUp).toFixed();
  }
  return issues.length > 0 ? { issues } : { columns };
}

export const geolocation: FieldType = defineFieldType({
  name: 'geolocation',
  label: { en: 'Place on the map', ar: 'موقع جغرافي', he: 'מקום במפה' },
  kind: 'json',
  settings: {},
  widget: 'geolocation',
  sortable: false,
  parts: {
    lat: { suffix: '_lat', kind: 'decimal', label: { en: 'Latitude', ar: 'خط العرض', he: 'קו רוחב' } },
    lng: { suffix: '_lng', kind: 'decimal', label: { en: 'Longitude', ar: 'خط الطول', he: 'קו אורך' } },
  },
  columns: () => [
    { suffix: '_lat', type: 'numeric(8,6)', kind: 'decimal' },
    { suffix: '_lng', type: 'numeric(9,6)', kind: 'decimal' },
  ],
  jsonSchema: () => ({
    type: 'object',
    properties: {
      lat: { type: 'number', minimum: -90, maximum: 90 },
      lng: { type: 'number', minimum: -180, maximum: 180 },
    },
    required: ['lat', 'lng'],
    additionalProperties: false,
  }),
  parse,
  fromText: (cell) => {
    const [lat, lng, ...more] = cell.trim().split(/\s*[,;]\s*/);
    return more.length === 0 && decimalOf(lat) !== undefined && decimalOf(lng) !== undefined
      ? { value: { lat: Number(lat), lng: Number(lng) } }
      : refused('geolocation', `"${cell}" is not a pair of degrees like 59.33, 18.06.`);
  },
  json: (column) =>
    `CASE WHEN num_nonnulls(${column('_lat')}, ${column('_lng')}) = 2 THEN json_build_object('lat', ${column('_lat')}, 'lng', ${column('_lng')}) END`,
});
