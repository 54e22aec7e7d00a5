import type { Instruction } from "../../syntax/syntax.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "copy-whole-stage",
  summary: "`COPY --from=… / /` copies a whole file system",
  why: "All of the other image lands in one layer, over what is there. If that is the point, `FROM` does it and keeps the layers; if not, a path says what is wanted.",
  severity: "warning",
  aliases: ["DL3067"],
  sources: ["https://docs.docker.com/reference/dockerfile/#copy---from"],
  examples: [
    {
      bad: `FROM debian:12 AS build
FROM debian:12
COPY --from=build / /
                  ^ This copies the whole file system of build over this one: name what is wanted
`,
      good: `FROM debian:12 AS build
FROM debian:12
COPY --from=build /usr/local/ /usr/local/
`,
    },
  ],
  *check({ file }) {
    for (const instruction of file.instructions) {
      const from = copiedStage(instruction);
      // Onto scratch this is how an image is squashed.
      const isOntoScratch = file.stages[instruction.stageIndex]?.base?.value === "scratch";
      const [source] = instruction.arguments;
      if (from !== undefined && source && !isOntoScratch) yield { span: source.span, data: from };
    }
  },
  message: (from) => `This copies the whole file system of ${from} over this one: name what is wanted`,
});

function copiedStage({ keyword, flags, arguments: words }: Instruction): string | undefined {
  const isAll = words.length === 2 && words.every(({ value }) => value === "/");
  return keyword.value === "COPY" && isAll ? flags.find(({ name }) => name === "from")?.value?.value : undefined;
}
