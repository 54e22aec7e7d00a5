import type { Instruction } from "../../syntax/syntax.ts";
import { operandsOf, runScripts, runsProgram, type InstructionScript } from "../commands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "archive-copied",
  summary: "An archive is copied and then unpacked",
  why: "The archive stays in the layer of the `COPY`, however soon it is removed, so that its content is in the image twice. `ADD` unpacks a local archive and leaves no copy.",
  severity: "info",
  aliases: ["DL3010"],
  sources: ["https://docs.docker.com/build/building/best-practices/#add-or-copy"],
  examples: [
    {
      bad: `FROM debian:12
COPY app.tar.gz /tmp/
     ^^^^^^^^^^ app.tar.gz stays in this layer besides what is unpacked from it: let ADD unpack it
RUN tar -xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz
`,
      good: `FROM debian:12
ADD app.tar.gz /opt/
`,
    },
  ],
  *check(input) {
    const scripts = runScripts(input);
    for (const instruction of input.file.instructions) {
      const isFromContext = instruction.keyword.value === "COPY" && !instruction.flags.some(({ name }) => name === "from");
      for (const source of isFromContext ? instruction.arguments.slice(0, -1) : []) {
        const name = source.value.split("/").at(-1) ?? "";
        if (archive.test(name) && isUnpackedLater(scripts, instruction, name)) yield { span: source.span, data: name };
      }
    }
  },
  message: (name) => `${name} stays in this layer besides what is unpacked from it: let ADD unpack it`,
});

/** What ADD unpacks: tar, plain or compressed. Not zip. @see https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives */
const archive = /\.(?:tar|tar\.(?:gz|bz2|xz|zst|lzma)|tgz|tbz2?|txz|tzst)$/i;

function isUnpackedLater(scripts: readonly InstructionScript[], { index, stageIndex }: Instruction, name: string): boolean {
  const later = scripts.filter(({ instruction }) => instruction.index > index && instruction.stageIndex === stageIndex);
  return later.some(({ script }) => script.commands.some((command) => runsProgram(command, "tar", "bsdtar", "unar") && [...operandsOf(command), ...command.arguments].some(({ value }) => value === name || value.endsWith(`/${name}`))));
}
