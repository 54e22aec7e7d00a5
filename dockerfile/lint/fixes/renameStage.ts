import { stageUses } from "../../syntax/stages.ts";
import type { Dockerfile, Stage, Word } from "../../syntax/syntax.ts";
import type { Change } from "../../edit/change.ts";
import type { RuleFix } from "../rule.ts";

/** Gives a stage the first name that is free, and says it wherever a later stage takes from it by name. Undefined where such a place does not name it plainly. */
export function renameStage(
  file: Dockerfile,
  stage: Stage,
  candidates: (attempt: number) => string,
): RuleFix | undefined {
  const { name } = stage;
  if (!name) return undefined;
  const uses = stageUses(file);
  const taken = new Set(
    [...file.stages.map((it) => it.name?.value ?? ""), ...uses.map(({ word }) => word.value)].map((it) =>
      it.toLowerCase(),
    ),
  );
  let attempt = 1;
  while (taken.has(candidates(attempt).toLowerCase())) attempt++;
  const text = candidates(attempt);
  // What stands in the stage itself or above it can't take from it: it must have meant another one.
  const later = uses.filter(
    (use) => use.stage.index > stage.index && use.source.kind === "stage" && use.source.stage.index === stage.index,
  );
  const words = later.map(({ word }) => word).filter(({ value }) => !/^[+-]?\d+$/.test(value));
  if (words.some((word) => !isPlainly(file, word, name))) return undefined;
  const changes = new Map<number, Change>([name, ...words].map(({ span }) => [span.start, { span, text }]));
  return { title: `Rename it to ${text}`, changes: [...changes.values()].sort((a, b) => a.span.start - b.span.start) };
}

function isPlainly({ text }: Dockerfile, { span }: Word, { value }: Word): boolean {
  return text.slice(span.start, span.end).toLowerCase() === value.toLowerCase();
}
