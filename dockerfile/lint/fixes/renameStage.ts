import type { Build } from "../../semantics/build.ts";
import { stageUses, type StageUse } from "../../syntax/stages.ts";
import type { Dockerfile, Stage, Word } from "../../syntax/syntax.ts";
import type { Change } from "../../edit/change.ts";
import type { RuleFix } from "../rule.ts";

/**
 * Gives a stage the first free name, and uses it wherever a later stage refers to it by name. Undefined if one of those
 * places doesn't name it literally.
 */
export function renameStage(
  { file, memo }: Pick<Build, "file" | "memo">,
  stage: Stage,
  candidates: (attempt: number) => string,
): RuleFix | undefined {
  const { name } = stage;
  if (!name) return undefined;
  const { taken, usesOf } = memo("stage names", () => namesIn(file));
  let attempt = 1;
  while (taken.has(candidates(attempt).toLowerCase())) attempt++;
  const text = candidates(attempt);
  // A reference in the stage itself or above it can't mean this stage: it must mean another one.
  const later = (usesOf.get(stage.index) ?? []).filter((use) => use.stage.index > stage.index);
  const words = later.map(({ word }) => word).filter(({ value }) => !/^[+-]?\d+$/.test(value));
  if (words.some((word) => !isPlainly(file, word, name))) return undefined;
  const changes = new Map<number, Change>([name, ...words].map(({ span }) => [span.start, { span, text }]));
  return { title: `Rename it to ${text}`, changes: [...changes.values()].sort((a, b) => a.span.start - b.span.start) };
}

interface Names {
  /** In lower case. */
  readonly taken: ReadonlySet<string>;
  /** By the index of the stage that is referred to. */
  readonly usesOf: ReadonlyMap<number, readonly StageUse[]>;
}

function namesIn(file: Dockerfile): Names {
  const uses = stageUses(file);
  const words = [...file.stages.map(({ name }) => name?.value ?? ""), ...uses.map(({ word }) => word.value)];
  const usesOf = new Map<number, StageUse[]>();
  for (const use of uses) {
    if (use.source.kind !== "stage") continue;
    const known = usesOf.get(use.source.stage.index);
    if (known) known.push(use);
    else usesOf.set(use.source.stage.index, [use]);
  }
  return { taken: new Set(words.map((word) => word.toLowerCase())), usesOf };
}

function isPlainly({ text }: Dockerfile, { span }: Word, { value }: Word): boolean {
  return text.slice(span.start, span.end).toLowerCase() === value.toLowerCase();
}
