// Remembers what was asked for last: bounded, for what is derived from sets that callers may combine without end.

/** @returns makes what is not there yet; the value that was not asked for longest gives way */
export function kept<Value>(most: number): (key: string, make: () => Value) => Value {
  const values = new Map<string, Value>();
  return (key, make) => {
    const value = values.get(key) ?? make();
    values.delete(key);
    values.set(key, value);
    for (const oldest of values.keys()) {
      if (values.size <= most) break;
      values.delete(oldest);
    }
    return value;
  };
}
