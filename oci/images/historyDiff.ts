import type { HistoryStep } from "../core/history.ts";
import { longestCommon } from "./longestCommon.ts";

/** A step that only one history has, or that has another time, author or comment. */
export interface HistoryChange {
  readonly change: "added" | "removed" | "changed";
  /** The attributes that differ in a changed step. */
  readonly attributes: readonly ("created" | "author" | "comment")[];
  readonly before?: HistoryStep;
  readonly after?: HistoryStep;
}

/** Compares two histories, oldest step first. Steps are matched by their instructions. */
export function diffHistory(before: readonly HistoryStep[], after: readonly HistoryStep[]): readonly HistoryChange[] {
  const changes: HistoryChange[] = [];
  let [a, b] = [0, 0];
  const upTo = (oldEnd: number, newEnd: number): void => {
    for (const step of before.slice(a, oldEnd)) changes.push({ change: "removed", attributes: [], before: step });
    for (const step of after.slice(b, newEnd)) changes.push({ change: "added", attributes: [], after: step });
  };
  for (const [oldIndex, newIndex] of longestCommon(before.map(keyOf), after.map(keyOf))) {
    upTo(oldIndex, newIndex);
    [a, b] = [oldIndex + 1, newIndex + 1];
    const change = changeOf(before[oldIndex], after[newIndex]);
    if (change) changes.push(change);
  }
  upTo(before.length, after.length);
  return changes;
}

function keyOf({ createdBy }: HistoryStep): string {
  return createdBy.replace(/\s+/g, " ").trim();
}

function changeOf(before: HistoryStep | undefined, after: HistoryStep | undefined): HistoryChange | undefined {
  if (!before || !after) return undefined;
  const attributes = (["created", "author", "comment"] as const).filter((name) => before[name] !== after[name]);
  return attributes.length === 0 ? undefined : { change: "changed", attributes, before, after };
}
