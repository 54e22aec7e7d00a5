/**
 * The entry that a table itself has under a name. A plain object also has inherited members (`constructor`, `toString`,
 * `__proto__`), so look up text from a file, an image or a user with this function or in a Map.
 */
export function ownEntry<Value>(
  table: Readonly<Record<string, Value>>,
  name: string | undefined,
): Exclude<Value, undefined> | undefined {
  if (name === undefined || !Object.hasOwn(table, name)) return undefined;
  // eslint-disable-next-line imagewright/text-lookup -- the one place where it is safe
  return table[name] as Exclude<Value, undefined> | undefined;
}
