import type { Memo } from "../facts/fact.ts";

/** A memory for computed results; once it contains `maxEntries`, it is emptied. */
export function createMemo(maxEntries = 2_000): Memo {
  const entries = new Map<string, unknown>();
  return <T>(name: string, make: () => T): T => {
    // A name identifies one question, and so one type.
    if (entries.has(name)) return entries.get(name) as T;
    if (entries.size >= maxEntries) entries.clear();
    const made = make();
    entries.set(name, made);
    return made;
  };
}
