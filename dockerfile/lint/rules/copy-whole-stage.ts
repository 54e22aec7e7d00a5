import { usesWith, type StageSource } from "../../syntax/stages.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "copy-whole-stage",
  group: "size",
  summary: "`COPY --from=… / /` copies a whole file system",
  why: "The whole other image ends up in one layer, on top of what is there. If that is intended, `FROM` does it and keeps the layers; if not, name a path. Copying all of a stage that is built on `scratch`, or into one, is fine: it contains only what was put there.",
  severity: "warning",
  aliases: ["DL3067"],
  sources: ["https://docs.docker.com/reference/dockerfile/#copy---from"],
  examples: [
    {
      bad: `FROM debian:12 AS build
FROM debian:12
COPY --from=build / /
                  ^ This copies the whole file system of build over this one; name the files you need
`,
      good: `FROM debian:12 AS build
FROM debian:12
COPY --from=build /usr/local/ /usr/local/
`,
    },
  ],
  *check({ build }) {
    for (const { instruction, word, source, stage } of usesWith(build.file, build.scopes)) {
      const [path] = instruction.arguments;
      // Copying everything onto scratch is a way to squash an image.
      const isOntoScratch = stage.base?.value === "scratch";
      if (path && copiesAll(instruction) && !isOntoScratch && !holdsLittle(build, source))
        yield { span: path.span, data: word.value };
    }
  },
  message: (from) => `This copies the whole file system of ${from} over this one; name the files you need`,
});

/** True for `/`, also in quotes and as `/.`. */
function isRoot(written: string): boolean {
  return /^\/(?:\.?\/)*\.?$/.test(written.replace(/^(["'])(.*)\1$/, "$2"));
}

function copiesAll({ keyword, arguments: words }: Instruction): boolean {
  return keyword.value === "COPY" && words.length === 2 && words.every(({ value }) => isRoot(value));
}

/**
 * True for a stage on scratch, which has only what was put there, and for the image of xx, whose manual says to copy
 * all of it.
 * @see https://github.com/tonistiigi/xx#installation
 */
function holdsLittle(build: Build, source: StageSource): boolean {
  const root = source.kind === "stage" ? build.rootStage(source.stage) : undefined;
  const image = source.kind === "image" ? source.reference : build.baseImage(root)?.text;
  return root?.base?.value === "scratch" || /(?:^|\/)xx(?::|@|$)/.test(image ?? "");
}
