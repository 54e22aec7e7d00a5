import { formatBytes } from "../../../oci/core/bytes.ts";
import { isInRanges, type ContextIndex } from "../../context/contextIndex.ts";
import { generatedFolders } from "../../context/generatedFolders.ts";
import { isExcluded, nameOf } from "../../context/matchSource.ts";
import type { ContextSource } from "../../semantics/contextSources.ts";
import { runsProgram } from "../../semantics/runCommands.ts";
import { context } from "../exampleFacts.ts";
import { defineRule, type LintInput } from "../rule.ts";

interface NeedlessFolder {
  readonly path: string;
  readonly bytes: number;
}

export default defineRule({
  id: "needless-context",
  group: "context",
  summary: "`COPY` or `ADD` includes `.git`, `node_modules` or another folder that the build doesn't need",
  why: `Folders that tools maintain or generate are sent to the builder with every build, make the layer larger, and change so often that the cache doesn't help. Packages installed on one system may not even run on another. An ignore file keeps them out.

Not reported: folders under one megabyte (except \`.git\`), \`.git\` if a \`RUN\` uses Git, \`node_modules\` if the file installs nothing, and folders that the file names elsewhere.`,
  severity: "warning",
  aliases: [],
  sources: ["https://docs.docker.com/build/building/best-practices/#exclude-with-dockerignore"],
  examples: [
    {
      bad: `FROM node:22
RUN npm ci
COPY . .
     ^ This also copies node_modules (240 MB) and .git (1.20 MB): make a .dockerignore that lists them
`,
      good: `FROM node:22
RUN npm ci
COPY src .
`,
      facts: [
        context({ path: ".git/HEAD", bytes: 1_200_000 }, { path: "node_modules/a.js", bytes: 240_000_000 }, "src/a.js"),
      ],
    },
  ],
  *check(input) {
    const told = new Set<number>();
    for (const source of input.build.contextSources()) {
      const folders = source.usedBy === "copy" ? foldersIn(input, source).filter((at) => !told.has(at)) : [];
      if (folders.length === 0) continue;
      folders.forEach((at) => told.add(at));
      const sized = folders.map((at) => sizeOf(source.index, at)).toSorted((a, b) => b.bytes - a.bytes);
      yield { span: source.span, data: { folders: sized, ignoreFile: source.context.ignoreFile } };
    }
  },
  message({ folders, ignoreFile }) {
    const named = folders.slice(0, maxNamed).map(({ path, bytes }) => `${path} (${formatBytes(bytes)})`);
    const rest = folders.length > maxNamed ? [`${folders.length - maxNamed} more`] : [];
    const list = [...named, ...rest];
    const listed = list.length > 1 ? `${list.slice(0, -1).join(", ")} and ${list.at(-1)}` : list.join("");
    const pronoun = folders.length > 1 ? "them" : "it";
    return `This also copies ${listed}: ${ignoreFile === undefined ? `make a .dockerignore that lists ${pronoun}` : `add ${pronoun} to ${ignoreFile}`}`;
  },
});

const maxNamed = 3;
const minBytes = 1_000_000;

function foldersIn(input: LintInput, source: ContextSource): readonly number[] {
  const { index, match, context, excludes } = source;
  return generatedFolders(index).filter((at) => {
    const { path, bytes } = sizeOf(index, at);
    const isLarge = bytes >= minBytes || (path.endsWith(".git") && bytes > 0);
    // A file that is named itself is intended.
    const isBelow = isInRanges(match.ranges, at) && !match.matched.includes(at);
    return isLarge && isBelow && !isExcluded(context, match, excludes, at) && !isUsed(input, index, at);
  });
}

function isUsed(input: LintInput, index: ContextIndex, at: number): boolean {
  const file = index.files[at];
  const path = file?.path ?? "";
  if (input.build.contextSources().some(({ match }) => match.path === path || match.path.startsWith(`${path}/`)))
    return true;
  const runs = (...programs: readonly string[]): boolean =>
    input.build.scripts().some(({ script }) => script.commands.some((command) => runsProgram(command, ...programs)));
  if (nameOf(file) === ".git") return runs("git");
  return nameOf(file) === "node_modules" && !runs("npm", "yarn", "pnpm", "bun");
}

function sizeOf(index: ContextIndex, at: number): NeedlessFolder {
  return { path: index.files[at]?.path ?? "", bytes: index.bytesSent([{ start: at, end: index.ends[at] ?? at }]) };
}
