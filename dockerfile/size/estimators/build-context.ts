import type { Build } from "../../semantics/build.ts";
import type { Copied } from "../../semantics/files/files.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { diskOfCopy } from "../diskBlocks.ts";
import { exactly, type Estimator } from "../estimator.ts";
import { sizeUnitOf } from "../unit.ts";

const contextFile = (path: string, bytes: number) => ({ path, kind: "file", bytes, isIgnored: false });

/** COPY and ADD: the files that they put into the image. */
const buildContext: Estimator = {
  id: "build-context",
  trust: "computed",
  summary:
    "COPY and ADD: files of the build context, archives unpacked, heredocs, files at URLs, and what earlier stages are known to have",
  sources: [
    "https://docs.docker.com/build/concepts/context/#dockerignore-files",
    "https://docs.docker.com/reference/dockerfile/#here-documents",
    "https://pkg.go.dev/path/filepath#Match",
  ],
  examples: [
    {
      file: "FROM scratch\n            ^ 0 B\nCOPY app/*.js /srv/\n                   ^ 3.00 kB\nCOPY missing /\n              ^ ?\n              ^ total ≥ 3.00 kB + ?\n",
      facts: [
        [
          { kind: "contextFiles" },
          {
            root: "/ctx",
            files: [contextFile("app/a.js", 1000), contextFile("app/b.js", 2000), contextFile("app/c.css", 9)],
            isTruncated: false,
          },
        ],
      ],
    },
    {
      file: "FROM scratch\n            ^ 0 B\nCOPY <<-EOF /etc/motd\n                     ^ 6 B\n\thello\nEOF\n   ^ total 6 B\n",
      facts: [],
    },
  ],
  needs({ build, instruction }) {
    return build.copy(instruction) && build.files().copyNeeds(instruction);
  },
  estimate({ build, instruction }) {
    const copied = build.files().copied(instruction);
    if ("unknown" in copied) return copied;
    const estimate = exactly(copied.bytes(), because(build, instruction, copied));
    if (sizeUnitOf(build) === "content") return estimate;
    return { ...estimate, disk: diskOfCopy(build, instruction, copied.placements) };
  },
};

export default buildContext;

/** The source of the number, and its assumptions. */
function because(build: Build, instruction: Instruction, { placements, assumedUnset }: Copied): string {
  const count = placements.reduce((sum, placement) => sum + placement.count, 0);
  const links = placements.reduce((sum, placement) => sum + placement.linkBytes, 0);
  return [
    `${count} ${count === 1 ? "file" : "files"}${originOf(build, instruction)}`,
    ...(links > 0 ? [`the classic builder counts ${links} bytes more, for links`] : []),
    ...(assumedUnset.length > 0 ? [`the base image is taken to set no ${assumedUnset.join(", ")}`] : []),
  ].join("; ");
}

function originOf(build: Build, { heredocs, arguments: words, flags }: Instruction): string {
  if (heredocs.length === words.length - 1) return ", the heredoc's text";
  if (words.slice(0, -1).some(({ value }) => /^https?:/i.test(value))) return ", as their hosts report";
  if (flags.some(({ name }) => name === "from")) return " of an earlier stage";
  const context = build.facts.get({ kind: "contextFiles" });
  if (context.state !== "known") return "";
  const { root, ignoreFile } = context.value;
  return ` of the build context ${root}${ignoreFile === undefined ? "" : `, ${ignoreFile} applied`}`;
}
