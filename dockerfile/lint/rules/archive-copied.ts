import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { withoutLines } from "../../edit/edits.ts";
import { pathInImage } from "../../semantics/copiedFiles.ts";
import { absolutePath } from "../../semantics/imagePaths.ts";
import { type InstructionScript, hasOption, operandsOf, runsProgram } from "../../semantics/runCommands.ts";
import { defineRule, type LintInput, type RuleFix } from "../rule.ts";

export default defineRule({
  id: "archive-copied",
  group: "size",
  summary: "An archive is copied and then unpacked, so it ships twice",
  why: "The archive stays in the layer of the `COPY`, however soon it is removed, so its content is in the image twice. `ADD` unpacks a local archive and leaves no copy.",
  severity: "info",
  aliases: ["DL3010"],
  sources: ["https://docs.docker.com/build/building/best-practices/#add-or-copy"],
  examples: [
    {
      bad: `FROM debian:12
COPY build/app-1.2.tar.gz /tmp/app.tar.gz
     ^^^^^^^^^^^^^^^^^^^^ app-1.2.tar.gz stays in this layer beside the files unpacked from it; let ADD unpack it
RUN tar -xzf /tmp/app.tar.gz -C /opt
`,
      good: `FROM debian:12
ADD build/app-1.2.tar.gz /opt/
`,
    },
    {
      bad: `FROM debian:12
COPY app.tar.gz /tmp/
     ^^^^^^^^^^ app.tar.gz stays in this layer beside the files unpacked from it; let ADD unpack it
RUN tar -xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz
`,
      good: `FROM debian:12
ADD app.tar.gz /opt/
`,
    },
    {
      bad: `FROM debian:12
WORKDIR /srv
COPY dist/app.tar ./
     ^^^^^^^^^^^^ app.tar stays in this layer beside the files unpacked from it; let ADD unpack it
RUN tar xf app.tar
`,
      good: `FROM debian:12
WORKDIR /srv
ADD dist/app.tar /srv/
`,
    },
    {
      bad: `FROM debian:12
COPY app.tgz /tmp/
     ^^^^^^^ app.tgz stays in this layer beside the files unpacked from it; let ADD unpack it
RUN tar -xzf /tmp/app.tgz -C /opt --strip-components=1
`,
      good: `FROM debian:12
ADD app.tgz /opt/
RUN mv /opt/app/* /opt/
`,
    },
  ],
  *check(input) {
    const scripts = input.build.scripts();
    for (const instruction of input.build.file.instructions) {
      const isFromContext =
        instruction.keyword.value === "COPY" && !instruction.flags.some(({ name }) => name === "from");
      for (const source of isFromContext ? instruction.arguments.slice(0, -1) : []) {
        const name = lastPart(source.value);
        const placed = archive.test(name)
          ? namesInImage(instruction, name).find((it) => isUnpackedLater(scripts, instruction, it))
          : undefined;
        if (placed !== undefined) yield { span: source.span, data: { name, placed, instruction } };
      }
    }
  },
  message: ({ name }) => `${name} stays in this layer beside the files unpacked from it; let ADD unpack it`,
  fixSafety: "unsafe",
  fix: ({ data: { placed, instruction } }, input) => unpackWithAdd(input, instruction, placed),
});

function lastPart(written: string): string {
  const path = written.replace(/^(["'])(.*)\1$/, "$2");
  return path.slice(path.lastIndexOf("/") + 1);
}

/**
 * The name of the file in the image: its own, or the destination's if that isn't a folder. Only the image decides
 * which, so both are returned.
 */
function namesInImage({ arguments: words }: Instruction, name: string): readonly string[] {
  const renamed = words.length === 2 ? lastPart(words[1]?.value ?? "") : "";
  const isFolder = /^\.{0,2}$/.test(renamed);
  return isFolder ? [name] : archive.test(renamed) ? [renamed] : [name, renamed];
}

/** Fixes only a RUN that does nothing but unpack the archive, if nothing else names the archive. */
function unpackWithAdd(input: LintInput, copy: Instruction, name: string): RuleFix | undefined {
  const { file } = input.build;
  const place = placeInImage(input, copy);
  const [run, ...more] = file.instructions.filter(
    ({ index, span }) => index > copy.index && file.text.slice(span.start, span.end).includes(name),
  );
  const it = run && input.build.scripts().find(({ instruction }) => instruction.index === run.index);
  const destination = copy.arguments.at(-1);
  if (place === undefined || !it || more.length > 0 || !destination) return undefined;
  const folder = unpackedInto(input, it, place);
  if (folder === undefined || /[\s$"'\\[]/.test(folder)) return undefined;
  const changes = [
    { span: copy.keyword.span, text: "ADD" },
    { span: destination.span, text: folder === "/" ? "/" : `${folder}/` },
    withoutLines(file, run.span),
  ];
  return { title: "Let ADD unpack it", changes };
}

/** The path at which a COPY of only the archive puts it. */
function placeInImage(input: LintInput, instruction: Instruction): string | undefined {
  if (instruction.flags.length > 0 || instruction.form === "json" || instruction.arguments.length !== 2)
    return undefined;
  const copy = input.build.copy(instruction);
  const [source] = copy?.sources ?? [];
  return copy && source && pathInImage(copy, source);
}

/** The folder into which `tar -xf ARCHIVE [-C DIR] [&& rm ARCHIVE]` unpacks; undefined for anything else. */
function unpackedInto(
  input: LintInput,
  { instruction, script }: InstructionScript,
  archivePath: string,
): string | undefined {
  const [tar, rm, ...others] = script.commands;
  if (!tar || others.length > 0 || !isPlain(script) || instruction.trigger || instruction.flags.length > 0)
    return undefined;
  const from = input.build.workingFolder(instruction);
  const unpacking = readTar(tar);
  if (!unpacking || absolutePath(unpacking.archive, from) !== archivePath) return undefined;
  const removed = rm && removedBy(rm);
  if (rm && (removed === undefined || absolutePath(removed, from) !== archivePath)) return undefined;
  return absolutePath(unpacking.folder, from);
}

function isPlain({ commands, form, hasErrors }: ShellScript): boolean {
  return (
    form === "line" &&
    !hasErrors &&
    commands.every(
      ({ nesting, redirections, assignments }) => nesting.length + redirections.length + assignments.length === 0,
    )
  );
}

/** The only file that `&& rm FILE` removes. */
function removedBy(command: ShellCommand): string | undefined {
  const [removed, ...others] = operandsOf(command);
  return command.name === "rm" && command.joinedBy === "&&" && others.length === 0 ? removed?.value : undefined;
}

/** The archive and the target folder of a tar command that has only the usual options. */
function readTar({
  name,
  arguments: words,
}: ShellCommand): { readonly archive: string; readonly folder: string } | undefined {
  if (name !== "tar" || words.some(({ isLiteral }) => !isLiteral)) return undefined;
  const line = words.map(({ value }) => value).join("\n");
  const [, archiveFirst, folderBehind, folderFirst, archiveLast] = tarCall.exec(line) ?? [];
  const archivePath = archiveFirst ?? archiveLast;
  return archivePath === undefined ? undefined : { archive: archivePath, folder: folderBehind ?? folderFirst ?? "." };
}

/** The arguments of `tar`, one per line: `-xzf a.tgz`, with `-C /opt` after or before. */
const tarCall =
  /^(?:-?(?=[a-zA-Z]*x)[xzjJvp]+f\n([^\n-][^\n]*)(?:\n(?:-C|--directory)\n([^\n-][^\n]*))?|(?:-C|--directory)\n([^\n-][^\n]*)\n-(?=[a-zA-Z]*x)[xzjJvp]+f\n([^\n-][^\n]*))$/;

/**
 * Archives that ADD unpacks: tar, plain or compressed, but not zip.
 * @see https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives
 */
const archive = /\.(?:tar|tar\.(?:gz|bz2|xz|zst|lzma)|tgz|tbz2?|txz|tzst)$/i;

function isUnpackedLater(
  scripts: readonly InstructionScript[],
  { index, stageIndex }: Instruction,
  name: string,
): boolean {
  const later = scripts.filter(({ instruction }) => instruction.index > index && instruction.stageIndex === stageIndex);
  return later.some(({ script }) =>
    script.commands.some(
      (command) =>
        unpacks(command) &&
        [...operandsOf(command), ...command.arguments].some(
          ({ value }) => value === name || value.endsWith(`/${name}`),
        ),
    ),
  );
}

/** False for a `tar` that lists or makes an archive. */
function unpacks(command: ShellCommand): boolean {
  if (runsProgram(command, "unar")) return true;
  if (!runsProgram(command, "tar", "bsdtar")) return false;
  const [first] = command.arguments;
  return /^[A-Za-z]*x/.test(first?.value ?? "") || hasOption(command, "-x", "--extract", "--get");
}
