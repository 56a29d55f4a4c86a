// JSON as the files of metadata/ are written: two spaces, what fits a line stands on one, else one member a line.

const lineWidth = 130;

/** The text of a file, with its last line end. The outermost object is always spread over lines. */
export const formatJson = (value: unknown): string => `${format(value, '', { before: 0, after: 0 }, true)}\n`;

/** `room` tells how many columns of its line are taken: by the key before it, and by the comma behind. */
function format(
  value: unknown,
  indent: string,
  room: { readonly before: number; readonly after: number },
  spread = false,
): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const list = Array.isArray(value);
  const members = list
    ? value.map((item): readonly [string, unknown] => ['', item])
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]): readonly [string, unknown] => [`${JSON.stringify(key)}: `, member]);
  if (members.length === 0) return list ? '[]' : '{}';
  const line = spread ? undefined : inline(value);
  if (line !== undefined && indent.length + room.before + line.length + room.after <= lineWidth) return line;
  const inner = `${indent}  `;
  const last = members.length - 1;
  const lines = members.map(
    ([key, member], at) => `${inner}${key}${format(member, inner, { before: key.length, after: at === last ? 0 : 1 })}`,
  );
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
