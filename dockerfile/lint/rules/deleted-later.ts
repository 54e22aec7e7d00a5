import type { ShellWord } from "../../shell/shell.ts";
import { compileGlob } from "../../patterns/glob.ts";
import { lineNumbersIn } from "../../syntax/lineNumber.ts";
import { defineRule, type LintInput } from "../rule.ts";
import { isRemote } from "../../context/remote.ts";
import { isSmallCopy, pathInImage } from "../../semantics/copiedFiles.ts";
import { downloadOf } from "../../semantics/downloads.ts";
import { absolute, absolutePath, isWithin } from "../../semantics/imagePaths.ts";
import { mountsAt } from "../../semantics/mounts.ts";
import { type InstructionScript, operandsOf, runsProgram } from "../../semantics/runCommands.ts";
import type { Instruction } from "../../syntax/syntax.ts";

export default defineRule({
  id: "deleted-later",
  group: "size",
  summary: "A file added in one layer is deleted in a later one, and still ships",
  why: `A layer can only hide what is in the layers below: the file is still in the image, anyone who has the image can read it, and every pull transfers its bytes.

To use a file from the build context or another stage without storing it, mount it: \`RUN --mount=type=bind\`. A file that a \`RUN\` downloads must be removed by the same \`RUN\`. Not reported: stages that the final image isn't built on, and small files (scripts and settings by name, others by their size in the build context).`,
  severity: "info",
  aliases: [],
  sources: [
    "https://docs.docker.com/build/cache/optimize/#use-bind-mounts",
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts",
  ],
  examples: [
    {
      bad: `FROM debian:12
COPY app.deb /tmp/
RUN dpkg -i /tmp/app.deb && rm /tmp/app.deb
                               ^^^^^^^^^^^^ This only hides what was added on line 2; it still ships with every pull: mount it there with RUN --mount=type=bind instead
`,
      good: `FROM debian:12
RUN --mount=type=bind,source=app.deb,target=/tmp/app.deb dpkg -i /tmp/app.deb
`,
    },
    {
      bad: `FROM debian:12
WORKDIR /opt
RUN curl -fsSLO https://example.org/sdk-1.zip
RUN unzip sdk-1.zip && rm -f sdk-1.zip
                             ^^^^^^^^^ This only hides what was added on line 3; it still ships with every pull: remove it in the RUN that makes it
`,
      good: `FROM debian:12
WORKDIR /opt
RUN curl -fsSLO https://example.org/sdk-1.zip && unzip sdk-1.zip && rm -f sdk-1.zip
`,
    },
  ],
  *check(input) {
    const { file } = input.build;
    const shipped = input.build.finalStages();
    const scripts = new Map(input.build.scripts().map((script) => [script.instruction.index, script]));
    const lineOf = lineNumbersIn(file.text);
    const added: Places = { byFolder: new Map(), all: [], patterns: 0 };
    for (const instruction of file.stages.flatMap(({ instructions }) => instructions)) {
      if (!shipped.has(instruction.stageIndex)) continue;
      const script = instruction.trigger ? undefined : scripts.get(instruction.index);
      for (const { word, path } of script ? removed(input, script) : []) {
        const from = firstIn(added, path);
        if (!from) continue;
        const { keyword } = from.instruction;
        yield {
          span: word.span,
          data: { from, line: lineOf(keyword.span.start) },
          related: { span: keyword.span, message: "Added here" },
        };
      }
      for (const it of script ? downloaded(input, script) : copied(input, instruction)) addTo(added, it);
    }
  },
  message: ({ from, line }) =>
    `This only hides what was added on line ${line}; it still ships with every pull: ${advice[from.by]}`,
});

const advice = {
  copy: "mount it there with RUN --mount=type=bind instead",
  fetch: "download it in the RUN that needs it instead",
  run: "remove it in the RUN that makes it",
} as const;

interface Added {
  readonly path: string;
  /** `fetch`: by an ADD of a URL, which can't be replaced by a mount. */
  readonly by: keyof typeof advice;
  readonly instruction: Instruction;
}

/** The copied file, if its resulting name is known: one file, not a folder's content. */
function copied(input: LintInput, instruction: Instruction): readonly Added[] {
  const copy = input.build.copy(instruction);
  if (!copy || isSmallCopy(input.build, copy)) return [];
  return copy.sources.flatMap((source): readonly Added[] => {
    const { text } = source;
    const path = pathInImage(copy, source);
    if (text === undefined || path === undefined || absolute(copy.destination) === "/") return [];
    // The files that ADD unpacks have other names, and archive-copied reports archives that COPY brings.
    if (archive.test(text) && copy.isFromContext && !isRemote(text)) return [];
    return !copy.isIntoFolder || /\.\w+$/.test(text)
      ? [{ path, by: isRemote(text) ? "fetch" : "copy", instruction }]
      : [];
  });
}

const archive = /\.(?:tar|tar\.(?:gz|bz2|xz|zst|lzma)|tgz|tbz2?|txz|tzst)$/i;

/** Files that a script downloads and keeps, and repositories that it clones. */
function downloaded(input: LintInput, { instruction, run, script }: InstructionScript): readonly Added[] {
  if (script.commands.some(({ name }) => name === "cd" || name === "pushd")) return [];
  const paths = script.commands.flatMap((command) => {
    if (runsProgram(command, "git") && operandsOf(command)[0]?.value === "clone")
      return operandsOf(command)[2]?.value ?? [];
    return downloadOf(command)?.file ?? [];
  });
  const gone = removed(input, { instruction, run, script });
  return paths.flatMap((written): readonly Added[] => {
    const path = /[$`*?]/.test(written) ? undefined : absolutePath(written, input.build.workingFolder(instruction));
    const isLeft =
      path !== undefined &&
      path !== "/" &&
      !path.startsWith("/dev/") &&
      !gone.some((it) => isGone(path, it.path)) &&
      mountsAt(run, path).length === 0;
    return isLeft ? [{ path, by: "run", instruction }] : [];
  });
}

/** The files added so far. */
interface Places {
  /** Keyed by its path and those of the folders above it. */
  readonly byFolder: Map<string, Added>;
  readonly all: Added[];
  patterns: number;
}

function addTo({ byFolder, all }: Places, added: Added): void {
  all.push(added);
  for (let path = added.path; path !== ""; path = path.slice(0, path.lastIndexOf("/")))
    if (!byFolder.has(path)) byFolder.set(path, added);
}

/** The first file that is removed along with a path: a file, a folder, or the matches of a pattern. */
function firstIn(places: Places, removedPath: string): Added | undefined {
  const exact = places.byFolder.get(removedPath);
  if (exact || !/[*?[]/.test(removedPath) || places.patterns++ > maxPatterns) return exact;
  const glob = compileGlob(removedPath);
  return places.all.find(({ path }) => glob?.covers(path) === true);
}

// Each pattern is tried on all added files. Real files have only a few.
const maxPatterns = 100;

function isGone(path: string, removedPath: string): boolean {
  return isWithin(path, removedPath) || (/[*?[]/.test(removedPath) && compileGlob(removedPath)?.covers(path) === true);
}

/** The operands of `rm`, as absolute paths or patterns. */
function removed(
  input: LintInput,
  { instruction, run, script }: InstructionScript,
): readonly { readonly word: ShellWord; readonly path: string }[] {
  const removals = script.commands.filter((command) => runsProgram(command, "rm", "unlink"));
  if (removals.length === 0) return [];
  const hasMoved = script.commands.some(({ name }) => name === "cd" || name === "pushd");
  const folder = hasMoved ? undefined : input.build.workingFolder(instruction);
  return removals.flatMap(operandsOf).flatMap((word) => {
    const path = /[$`{~]/.test(word.value) ? undefined : absolutePath(word.value, folder);
    return path === undefined || path === "/" || mountsAt(run, path).length > 0 ? [] : [{ word, path }];
  });
}
