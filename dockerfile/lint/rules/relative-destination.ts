import { expandWith } from "../../syntax/expand/expand.ts";
import type { Dockerfile, Instruction, Stage } from "../../syntax/syntax.ts";
import { baseImageOf } from "../../semantics/baseImages.ts";
import { scopesIn } from "../../semantics/scopes.ts";
import { defineRule, type LintInput } from "../rule.ts";
import { stageChain } from "../../semantics/stageChains.ts";

export default defineRule({
  id: "relative-destination",
  group: "correctness",
  summary: "`COPY` to a relative destination before any `WORKDIR`",
  why: "A relative destination counts from the working directory. Where the file sets none before, it is the base image's: `/` in most, but not in all, and free to change. Nothing is said where the local engine knows that the base image sets one.",
  severity: "info",
  aliases: ["DL3045"],
  sources: ["https://docs.docker.com/reference/dockerfile/#destination-1"],
  examples: [
    {
      bad: `FROM scratch
COPY app bin/
         ^^^^ bin/ counts from wherever the base image works: set a WORKDIR or write /bin/
`,
      good: `FROM scratch
COPY app /bin/
`,
    },
  ],
  *check(input) {
    for (const stage of input.file.stages) {
      if (hasKnownFolder(input, stage)) continue;
      const workdir = stage.instructions.findIndex(({ keyword }) => keyword.value === "WORKDIR");
      const before = stage.instructions.slice(0, workdir < 0 ? undefined : workdir);
      for (const instruction of before) {
        const destination = instruction.arguments.at(-1);
        const path =
          instruction.keyword.value === "COPY" || instruction.keyword.value === "ADD"
            ? pathOf(input.file, instruction)
            : undefined;
        if (destination && path !== undefined && !/^["']?(?:[/\\]|[A-Za-z]:)/.test(path))
          yield {
            span: destination.span,
            data: { path, isScratch: stage.base?.value === "scratch", isPlain: destination.value === path },
          };
      }
    }
  },
  message: ({ path }) => `${path} counts from wherever the base image works: set a WORKDIR or write ${absolute(path)}`,
  fixSafety: "safe",
  fix: ({ span, data: { path, isScratch, isPlain } }) =>
    isPlain
      ? {
          title: `Write ${absolute(path)}`,
          changes: [{ span, text: absolute(path) }],
          ...(!isScratch && { safety: "unsafe" as const }),
        }
      : undefined,
});

function absolute(path: string): string {
  return `/${path.replace(/^(?:\.?\/)+|^\.$/, "")}`;
}

/** A WORKDIR in a stage below, or one that the base image is known to have. */
function hasKnownFolder({ file, facts }: LintInput, stage: Stage): boolean {
  const chain = stageChain(file, stage);
  if (chain.slice(1).some(({ instructions }) => instructions.some(({ keyword }) => keyword.value === "WORKDIR")))
    return true;
  const base = baseImageOf(file, chain.at(-1));
  const fact = base && facts.get({ kind: "baseImage", reference: base.text });
  return fact?.state === "known" && fact.value.workingDir !== "" && fact.value.workingDir !== "/";
}

function pathOf(file: Dockerfile, instruction: Instruction): string | undefined {
  const destination = instruction.arguments.length > 1 ? instruction.arguments.at(-1) : undefined;
  if (!destination) return undefined;
  const { value, unknownNames, failure } = expandWith(
    destination.logical,
    file.escape,
    scopesIn(file).lookup(instruction),
  );
  return unknownNames.length > 0 || failure ? undefined : value;
}
