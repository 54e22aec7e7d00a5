import type { Build } from "../semantics/build.ts";
import { createBuild } from "../semantics/createBuild.ts";
import type { Dockerfile, Instruction } from "../syntax/syntax.ts";

/** The build of a file without FROM, read as one stage on an unknown image; any other build unchanged. */
export function asOneStage(build: Build): Build {
  const { file, shell, facts, platform } = build;
  if (file.stages.length > 0 || file.instructions.length === 0) return build;
  return createBuild(withStage(file), shell, facts, platform === undefined ? {} : { platform });
}

function withStage(file: Dockerfile): Dockerfile {
  const instructions = file.instructions.map(inFirstStage);
  const start = instructions[0]?.span.start ?? 0;
  const span = { start, end: file.instructions.at(-1)?.span.end ?? start };
  const from = missingFrom(start);
  return { ...file, globals: [], instructions, stages: [{ index: 0, from, instructions, span }] };
}

function inFirstStage(instruction: Instruction): Instruction {
  return {
    ...instruction,
    stageIndex: 0,
    ...(instruction.trigger && { trigger: { ...instruction.trigger, stageIndex: 0 } }),
  };
}

/** A FROM that occupies no text. */
function missingFrom(at: number): Instruction {
  const span = { start: at, end: at };
  return {
    index: -1,
    keyword: { value: "FROM", written: "FROM", span },
    flags: [],
    form: "words",
    arguments: [],
    rest: { text: "", offsetAt: () => at },
    restSpan: span,
    heredocs: [],
    pairs: [],
    leadingComments: [],
    blankLines: [],
    span,
    headSpan: span,
    stageIndex: 0,
  };
}
