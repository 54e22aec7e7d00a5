import { outlineOf, type OutlineItem } from "../../../dockerfile/navigation/outline.ts";
import { describeBytes } from "../../../dockerfile/size/describe.ts";
import type { StageTotal } from "../../../dockerfile/size/estimator.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** The stages of a Dockerfile with their instructions, and the size of each stage that is known completely. */
export function outline({ file, build, settings }: Snapshot): readonly OutlineItem[] {
  const items = outlineOf(file);
  if (!settings.showsSizeHints) return items;
  const totals = new Map(sizeStages(build).map(({ stage, total }) => [stage.from.span.start, total]));
  return items.map((item) => {
    const total = item.kind === "stage" ? totals.get(item.span.start) : undefined;
    return total && isKnown(total) ? { ...item, detail: joined(item.detail, describeBytes(total)) } : item;
  });
}

function isKnown({ unknown, pending }: StageTotal): boolean {
  return unknown === 0 && pending === 0;
}

function joined(base: string, size: string): string {
  return base === "" ? size : `${base} · ${size}`;
}
