// JSON as the files of metadata/ are written: two spaces, what fits a line stands on one, else one member a line.

const lineWidth = 130;

/** The text of a file, with its last line end. The outermost object is always spread over lines. */
export const formatJson = (value: unknown): string => `${format(value, '', 0, true)}\n`;

/** `before` is what stands on the first line already, as a number of columns; a comma may follow. */
function format(value: unknown, indent: string, before: number, spread = false): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const list = Array.isArray(value);
  const members = list
    ? value.map((item): readonly [string, unknown] => ['', item])
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]): readonly [string, unknown] => [`${JSON.stringify(key)}: `, member]);
  if (members.length === 0) return list ? '[]' : '{}';
  const line = spread ? undefined : inline(value);
  if (line !== undefined && indent.length + before + line.length + 1 <= lineWidth) return line;
  const inner = `${indent}  `;
  const lines = members.map(([key, member]) => `${inner}${key}${format(member, inner, key.length)}`);
  return `${list ? '[' : '{'}\n${lines.join(',\n')}\n${indent}${list ? ']' : '}'}`;
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.length === 0
    ? '{}'
    : `{ ${members.map(([key, member]) => `${JSON.stringify(key)}: ${inline(member)}`).join(', ')} }`;
}
