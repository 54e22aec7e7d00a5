import { instructionTable } from "../syntax/instructions.ts";
import { shellIn } from "./shellPrefix.ts";

/** A step of an image's history, taken apart. */
export interface RecordedStep {
  /** Upper case; absent where the step tells of no instruction. */
  readonly keyword?: string;
  /** What stands behind the keyword, on one line. In a RUN also its build arguments and its shell. */
  readonly text: string;
  /** What a RUN's shell was given; absent where no shell stands there. */
  readonly command?: string;
}

/**
 * Takes apart what a builder recorded in `created_by`: BuildKit's `COPY a b # buildkit`, the classic builder's and Buildah's
 * `/bin/sh -c #(nop) COPY file:… in b`, and their RUN, which stands there as its shell ran it.
 * @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go commitToHistory, moby daemon/builder/dockerfile/internals.go, containers/buildah imagebuildah/stage_executor.go getCreatedBy
 */
export function readStep(createdBy: string): RecordedStep {
  const text = oneLine(createdBy.slice(0, maxStepCharacters));
  if (text === "") return { text };
  const noOperation = /^[^#]*#\(nop\) ?(.*)$/.exec(text)?.[1];
  if (noOperation !== undefined) return byKeyword(noOperation) ?? { text };
  const step = byKeyword(text.replace(/ # buildkit$/, "")) ?? { keyword: "RUN", text };
  const shell = step.keyword === "RUN" ? shellIn(step.text) : undefined;
  return shell ? { ...step, command: step.text.slice(shell.end) } : step;
}

/** Blanks and line ends mean little, and every builder keeps them in its own way. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** More than any instruction has; a longer text fits none, and bounds the time. */
const maxStepCharacters = 1 << 16;

function byKeyword(text: string): RecordedStep | undefined {
  const blank = text.indexOf(" ");
  const keyword = blank === -1 ? text : text.slice(0, blank);
  if (!instructionTable.has(keyword) && !instructionTable.has(keyword.toUpperCase())) return undefined;
  return { keyword: keyword.toUpperCase(), text: blank === -1 ? "" : text.slice(blank + 1).trim() };
}
