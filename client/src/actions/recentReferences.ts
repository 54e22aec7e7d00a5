import type { Memento } from "vscode";
import type { RecentReferences } from "./actionParts.ts";

const mementoKey = "imagewright.pulled";

/** Kept for the next window too. */
export function recentReferences(memento: Memento): RecentReferences {
  const list = (): readonly string[] => memento.get<readonly string[]>(mementoKey, []);
  return { list, add: async (reference) => memento.update(mementoKey, withRecent(list(), reference)) };
}

const maxRecent = 20;

/** The references with this one in front, the oldest left out. */
export function withRecent(references: readonly string[], latest: string): readonly string[] {
  return [latest, ...references.filter((reference) => reference !== latest)].slice(0, maxRecent);
}
