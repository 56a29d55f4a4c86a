// Stands in for rjsf's merging of `allOf`, which the server's form schemas never say (vite.config.ts).
export default function mergeAllOf<Schema extends { readonly allOf?: unknown }>(schema: Schema): Schema {
  if (schema.allOf !== undefined) throw new Error('A form schema must not say allOf');
  return schema;
}
