import type { Build } from "../../semantics/build.ts";
import { absolutePath } from "../../semantics/imagePaths.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { diskOfFolders, noDisk } from "../diskBlocks.ts";
import { exactly, type Estimator, type SizeRange } from "../estimator.ts";
import { instructionTable } from "../../syntax/instructions.ts";

const noContent: Estimator = {
  id: "no-content",
  trust: "computed",
  summary: "Instructions that only change the image's configuration",
  sources: ["https://github.com/opencontainers/image-spec/blob/main/config.md"],
  examples: [
    {
      file: "FROM scratch\n            ^ 0 B\nENV A=1\nCOPY <<EOF /a\n             ^ 2 B\nb\nEOF\n   ^ total 2 B\n",
      facts: [],
    },
  ],
  needs({ instruction: { keyword } }) {
    // WORKDIR creates a layer with at most an empty directory; FROM brings the layers of its base.
    const addsNone =
      keyword.value === "WORKDIR" ||
      (keyword.value !== "FROM" && instructionTable.get(keyword.value)?.makesLayer === false);
    return addsNone ? [] : undefined;
  },
  estimate: ({ build, instruction }) => ({
    ...exactly(0, `${instruction.keyword.value} adds no files`),
    disk: diskOf(build, instruction),
  }),
};

export default noContent;

/** The disk space of folders: a WORKDIR that doesn't exist yet creates them. */
function diskOf(build: Build, instruction: Instruction): SizeRange {
  if (instruction.keyword.value !== "WORKDIR") return noDisk;
  const written = build.expand(instruction, instruction.rest)?.trim();
  const path = written && absolutePath(written, build.workingFolder(instruction));
  return path ? diskOfFolders(path) : { low: 0, likely: 4096, high: 64 * 4096 };
}
