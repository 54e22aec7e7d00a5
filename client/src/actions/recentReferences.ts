import type { Memento } from "vscode";
import type { RecentReferences } from "./actionParts.ts";

const mementoKey = "imagewright.pulled";

/** Stores references across windows. */
export function recentReferences(memento: Memento): RecentReferences {
  const list = (): readonly string[] => memento.get<readonly string[]>(mementoKey, []);
  return { list, add: async (reference) => memento.update(mementoKey, withRecent(list(), reference)) };
}

const maxRecent = 20;

/** The references with this one first; the oldest is dropped. */
export function withRecent(references: readonly string[], latest: string): readonly string[] {
  return [latest, ...references.filter((reference) => reference !== latest)].slice(0, maxRecent);
}
