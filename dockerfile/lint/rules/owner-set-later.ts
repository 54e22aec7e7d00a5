import type { ShellCommand } from "../../shell/shell.ts";
import type { Dockerfile } from "../../syntax/syntax.ts";
import { lineNumbersIn } from "../../syntax/lineNumber.ts";
import type { Change } from "../../edit/change.ts";
import { defineRule, type LintInput } from "../rule.ts";
import type { Build, Copy } from "../../semantics/build.ts";
import { isSmallCopy, pathInImage } from "../../semantics/copiedFiles.ts";
import { absolute, absolutePath, isWithin } from "../../semantics/imagePaths.ts";
import { mountsAt } from "../../semantics/mounts.ts";
import { type InstructionScript, hasOption, operandsOf, runsProgram } from "../../semantics/runCommands.ts";
import { removeCommand } from "../fixes/removeCommand.ts";

export default defineRule({
  id: "owner-set-later",
  group: "size",
  summary: "A later `chown` or `chmod` stores copied files a second time",
  why: `If only a file's owner or mode changes, the whole file is stored again in the new layer. \`COPY --chown\` and \`--chmod\` set both while copying, so the image has the bytes once.

Small files are not reported: scripts and settings by name, others by their size in the build context.`,
  severity: "info",
  aliases: [],
  sources: ["https://docs.docker.com/reference/dockerfile/#copy---chown---chmod"],
  examples: [
    {
      bad: `FROM node:22
WORKDIR /app
COPY dist/ /app/dist/
RUN chown -R 1000:1000 /app/dist
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ This stores everything line 3 copied a second time; use COPY --chown=1000:1000
USER 1000
`,
      good: `FROM node:22
WORKDIR /app
COPY --chown=1000:1000 dist/ /app/dist/
USER 1000
`,
    },
    {
      bad: `FROM debian:12
COPY model.bin /srv/model.bin
RUN mkdir /srv/cache && chmod 0644 /srv/model.bin
                        ^^^^^^^^^^^^^^^^^^^^^^^^^ This stores everything line 2 copied a second time; use COPY --chmod=0644
`,
      good: `FROM debian:12
COPY --chmod=0644 model.bin /srv/model.bin
RUN mkdir /srv/cache
`,
    },
  ],
  *check(input) {
    const shipped = input.build.finalStages();
    // All of them form one chain: later instructions build on earlier ones.
    const copies = input.build.file.stages.flatMap(({ instructions }) =>
      instructions
        .filter(({ stageIndex }) => shipped.has(stageIndex))
        .flatMap((instruction) => input.build.copy(instruction) ?? []),
    );
    if (copies.length === 0) return;
    const places = placesOf(copies);
    const lineOf = lineNumbersIn(input.build.file.text);
    for (const it of input.build.scripts()) {
      if (!shipped.has(it.instruction.stageIndex) || it.instruction.trigger) continue;
      for (const command of it.script.commands) {
        const change = changeOf(input, it, command);
        const touched = change ? touchedBy(input, it, change, places) : [];
        const [first] = touched;
        if (change && first)
          yield {
            span: command.span,
            data: { change, script: it, command, touched, line: lineOf(first.instruction.span.start) },
            related: { span: first.instruction.keyword.span, message: "Copied here" },
          };
      }
    }
  },
  message: ({ change, line, touched }) =>
    `This stores everything line ${line} copied a second time; use ${keywordOf(touched)} --${change.flag}${change.value === undefined ? "" : `=${change.value}`}`,
  fixSafety: "unsafe",
  fix({ data: { change, script, command, touched } }, { build }) {
    const { file } = build;
    const [copy] = touched;
    const isWhole =
      copy && touched.length === 1 && change.paths.length === 1 && absolute(copy.destination) === change.paths[0];
    if (!isWhole || change.value === undefined || !isKnownBefore(build, change, copy, script)) return undefined;
    const removal = removeCommand(file, script.instruction, script.script, command);
    const end = copy.instruction.keyword.span.end;
    const flag: Change = { span: { start: end, end }, text: ` --${change.flag}=${change.value}` };
    return removal && { title: `Use ${keywordOf(touched)} --${change.flag}=${change.value}`, changes: [flag, removal] };
  },
});

/** `COPY` or `ADD`, whichever came first. */
function keywordOf(touched: readonly Copy[]): string {
  return touched[0]?.instruction.keyword.value ?? "COPY";
}

interface OwnerChange {
  readonly flag: "chown" | "chmod";
  /** The value for the flag; absent if a flag can't express it. */
  readonly value?: string;
  readonly paths: readonly string[];
  readonly isRecursive: boolean;
}

function changeOf(
  input: LintInput,
  { instruction, script }: InstructionScript,
  command: ShellCommand,
): OwnerChange | undefined {
  if (!runsProgram(command, "chown", "chmod") || hasOption(command, "--reference", "--from")) return undefined;
  const isOwner = runsProgram(command, "chown");
  const [value, ...targets] = operandsOf(command).filter(({ value: word }) => !/^-[rwxXst]/.test(word));
  const hasMoved = script.commands.some(({ name }) => name === "cd" || name === "pushd");
  const folder = hasMoved ? undefined : input.build.workingFolder(instruction);
  const paths = targets.flatMap(({ value: path }) =>
    /[$`~{]/.test(path) ? [] : (absolutePath(path.replace(/\/\*$/, ""), folder) ?? []),
  );
  if (!value || paths.length === 0 || paths.length !== targets.length) return undefined;
  const isSayable = isOwner ? /^[\w.-]+(?::[\w.-]+)?$/.test(value.value) : /^[0-7]{3,4}$/.test(value.value);
  return {
    flag: isOwner ? "chown" : "chmod",
    ...(isSayable && { value: value.value }),
    paths,
    isRecursive: hasOption(command, "-R", "--recursive"),
  };
}

/** Copies by their destinations. */
interface Places {
  readonly byPath: ReadonlyMap<string, readonly Copy[]>;
  /** Also keyed by each folder above the destination. */
  readonly byFolder: ReadonlyMap<string, readonly Copy[]>;
}

function placesOf(copies: readonly Copy[]): Places {
  const byPath = new Map<string, Copy[]>();
  const byFolder = new Map<string, Copy[]>();
  const add = (map: Map<string, Copy[]>, path: string, copy: Copy): void => {
    const known = map.get(path);
    if (!known) map.set(path, [copy]);
    else if (known.length < maxAtOnePlace && known.at(-1) !== copy) known.push(copy);
  };
  for (const copy of copies) {
    for (const source of copy.sources) {
      const path = pathInImage(copy, source);
      if (path !== undefined) add(byPath, path, copy);
    }
    for (let path = absolute(copy.destination) ?? ""; path !== ""; path = path.slice(0, path.lastIndexOf("/")))
      add(byFolder, path, copy);
  }
  return { byPath, byFolder };
}

// The finding names the first, and the fix applies only to a single one.
const maxAtOnePlace = 100;

/** The copies that a change stores again, in the file's order. */
function touchedBy(input: LintInput, it: InstructionScript, change: OwnerChange, places: Places): readonly Copy[] {
  const map = change.isRecursive ? places.byFolder : places.byPath;
  const candidates = new Set(change.paths.flatMap((path) => map.get(path) ?? []));
  return [...candidates]
    .sort((a, b) => a.instruction.index - b.instruction.index)
    .filter((copy) => isStoredAgain(input, it, change, copy));
}

function isStoredAgain(
  input: LintInput,
  { instruction, run }: InstructionScript,
  change: OwnerChange,
  copy: Copy,
): boolean {
  if (copy.instruction.index > instruction.index) return false;
  const path = change.paths.find(
    (it) =>
      it !== "/" &&
      (change.isRecursive ? isCopiedInto(copy, it) : copy.sources.some((source) => pathInImage(copy, source) === it)),
  );
  if (path === undefined || mountsAt(run, path).length > 0) return false;
  // A flag that was already set may have the same value.
  return !copy.instruction.flags.some(({ name }) => name === change.flag) && !isSmallCopy(input.build, copy);
}

function isCopiedInto({ destination }: Copy, folder: string): boolean {
  const path = absolute(destination);
  return path !== undefined && isWithin(path, folder);
}

/**
 * True if the owner is known when COPY runs. A name must be in /etc/passwd by then, and a RUN in between may be what
 * adds it.
 */
function isKnownBefore(
  build: Build,
  { flag, value }: OwnerChange,
  copy: Copy,
  { instruction }: InstructionScript,
): boolean {
  if (flag === "chmod" || /^\d+(?::\d+)?$/.test(value ?? "")) return true;
  const adding = build.memo("indices of RUNs that add users", () => runsThatAddUsers(build.file));
  return !adding.some((index) => index > copy.instruction.index && index <= instruction.index);
}

function runsThatAddUsers({ text, instructions }: Dockerfile): readonly number[] {
  return instructions
    .filter(({ keyword }) => keyword.value === "RUN")
    .filter(({ span }) => /\b(?:user|group)add\b|\badd(?:user|group)\b/.test(text.slice(span.start, span.end)))
    .map(({ index }) => index);
}
