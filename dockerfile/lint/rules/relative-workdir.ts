import { expandWith } from "../../syntax/expand.ts";
import type { Dockerfile, Instruction, Stage } from "../../syntax/syntax.ts";
import { baseImageOf } from "../baseImages.ts";
import { scopesIn } from "../fileScopes.ts";
import { defineRule, type LintInput } from "../rule.ts";

export default defineRule({
  id: "relative-workdir",
  summary: "`WORKDIR` is relative and nothing before it says to what",
  why: "A relative `WORKDIR` goes on from the one before. Where the file sets none before, it goes on from the base image's, so that the place of your files changes when the base image does. Once an absolute `WORKDIR` is set, relative ones are fine.",
  severity: "warning",
  aliases: ["WorkdirRelativePath", "DL3000"],
  sources: ["https://docs.docker.com/reference/build-checks/workdir-relative-path/"],
  examples: [
    {
      bad: `FROM alpine:3.22
WORKDIR app
        ^^^ app goes on from wherever the base image works: write /app
WORKDIR src
`,
      good: `FROM alpine:3.22
WORKDIR /app
WORKDIR src
`,
    },
    {
      bad: `FROM scratch
WORKDIR app/src
        ^^^^^^^ app/src goes on from wherever the base image works: write /app/src
`,
      good: `FROM scratch
WORKDIR /app/src
`,
    },
  ],
  *check(input) {
    const { file } = input;
    const isSettled = new Map<number, boolean>();
    for (const stage of file.stages) {
      const base = scopesIn(file).baseStage(stage);
      let settled = base ? isSettled.get(base.index) === true : hasKnownFolder(input, stage);
      for (const instruction of stage.instructions) {
        const path = instruction.keyword.value === "WORKDIR" ? pathOf(file, instruction) : undefined;
        if (path === undefined) continue;
        if (!settled && path !== "" && !isAbsolute(path)) yield { span: instruction.restSpan, data: path };
        // One finding is enough: those after it go on from the same place.
        settled = true;
      }
      isSettled.set(stage.index, settled);
    }
  },
  message: (path) => `${path} goes on from wherever the base image works: write /${path.replace(/^(?:\.?\/)+/, "")}`,
  fixSafety: "unsafe",
  fix({ span, data: path }, { file }) {
    const written = file.text.slice(span.start, span.end);
    return written === path ? { title: "Make it absolute", changes: [{ span: { start: span.start, end: span.start + (/^(?:\.?\/)*/.exec(path)?.[0].length ?? 0) }, text: "/" }] } : undefined;
  },
});

function hasKnownFolder({ file, facts }: LintInput, stage: Stage): boolean {
  const base = baseImageOf(file, stage);
  const fact = base && facts.get({ kind: "baseImage", reference: base.text });
  return fact?.state === "known" && fact.value.workingDir !== "" && fact.value.workingDir !== "/";
}

/** Undefined where it depends on what is not known. */
function pathOf(file: Dockerfile, instruction: Instruction): string | undefined {
  const { value, unknownNames, failure } = expandWith(instruction.rest, file.escape, scopesIn(file).lookup(instruction));
  return unknownNames.length > 0 || failure ? "/" : value.trim();
}

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:[/\\]?)/.test(path);
}
