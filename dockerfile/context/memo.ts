import type { Memo } from "../facts/fact.ts";

/** A memory for what was worked out; when it holds `maxEntries`, it starts empty again. */
export function createMemo(maxEntries = 2_000): Memo {
  const entries = new Map<string, unknown>();
  return <T>(name: string, make: () => T): T => {
    // A name stands for one question, and so for one type.
    if (entries.has(name)) return entries.get(name) as T;
    if (entries.size >= maxEntries) entries.clear();
    const made = make();
    entries.set(name, made);
    return made;
  };
}
