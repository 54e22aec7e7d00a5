import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import type { Dockerfile, Instruction, Span } from "../../syntax/syntax.ts";
import type { Change } from "../../edit/change.ts";
import { mountsAt } from "../../semantics/mounts.ts";
import { removesFolder } from "../../semantics/removals.ts";
import {
  type InstructionScript,
  hasOption,
  operandsOf,
  runsProgram,
  spanUpTo,
  subcommandOf,
} from "../../semantics/runCommands.ts";
import type { Build } from "../../semantics/build.ts";
import { addOption } from "../fixes/addOption.ts";
import { isAnyLater, mayBeUsedLater, runsWith } from "../fixes/laterRuns.ts";
import { defineRule, type RuleFix } from "../rule.ts";

export default defineRule({
  id: "apk-cache-left",
  group: "size",
  summary: "`apk update`, or `apk add` without `--no-cache`, leaves the package index in the layer",
  why: `\`apk add\` needs the package index, which \`apk update\` or \`--update\` fetch to \`/var/cache/apk\`. With \`--no-cache\` it is fetched for this one command and never stored.

Not reported: stages that the final image isn't built on, a cache mount over \`/var/cache/apk\`, and a \`RUN\` that removes the index itself.`,
  severity: "info",
  aliases: ["DL3019"],
  sources: ["https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper#Add_a_Package"],
  examples: [
    {
      bad: `FROM alpine:3.22
RUN apk add --update curl
    ^^^^^^^ The package index stays in this layer: add --no-cache
`,
      good: `FROM alpine:3.22
RUN apk add --no-cache curl
`,
    },
    {
      bad: `FROM alpine:3.22
RUN apk update; apk add --no-cache curl
    ^^^^^^^^^^ The package index stays in this layer: remove apk update and use --no-cache
`,
      good: `FROM alpine:3.22
RUN apk add --no-cache curl
`,
    },
    {
      bad: `FROM alpine:3.22
RUN apk update && \\
    apk add curl
    ^^^^^^^ The package index stays in this layer: add --no-cache
`,
      good: `FROM alpine:3.22
RUN apk add --no-cache curl
`,
    },
  ],
  *check(input) {
    const shipped = input.build.finalStages();
    for (const it of input.build.scripts()) {
      if (!shipped.has(it.instruction.stageIndex) || isExempt(it)) continue;
      const adds = it.script.commands.filter(
        (command) => isApk(command, "add") && !hasOption(command, ...storesNothing),
      );
      const update = it.script.commands.findLast(
        (command) => isApk(command, "update") && !hasOption(command, ...storesNothing),
      );
      const left = adds.length > 0 ? adds : update ? [update] : [];
      for (const command of left)
        yield {
          span: spanUpTo(command, operandsOf(command)[0]),
          data: { ...it, command, isUpdate: adds.length === 0 },
        };
    }
  },
  message: ({ isUpdate }) =>
    isUpdate
      ? "The package index stays in this layer: remove apk update and use --no-cache"
      : "The package index stays in this layer: add --no-cache",
  fixSafety: "safe",
  fix({ data: { instruction, script, command, isUpdate } }, { build }) {
    const { file } = build;
    const safety = isIndexUsedLater(build, { instruction, script, command }) ? ({ safety: "unsafe" } as const) : {};
    if (isUpdate) {
      const change = withoutUpdate(file, script.commands, command);
      return change && { ...change, ...safety };
    }
    const redundant = command.arguments
      .filter(({ value }) => value === "--update" || value === "-U" || value === "--update-cache")
      .map(({ span }) => withBlanksBefore(file, span));
    const changes: Change[] = [addOption(command, "--no-cache"), ...redundant.map((span) => ({ span, text: "" }))];
    const update = updateBefore(file, script.commands, command);
    if (update) changes.push({ span: update, text: "" });
    return {
      title: "Add --no-cache",
      changes: changes.sort((a, b) => a.span.start - b.span.start),
      ...safety,
    };
  },
});

/** Options under which apk doesn't write an index; with the last one it doesn't read one either. */
const storesNothing = ["--no-cache", "--no-network"];

function isApk(command: ShellCommand, subcommand: string): boolean {
  return runsProgram(command, "apk") && subcommandOf(command) === subcommand;
}

/** Removes the update if an `apk add` that fetches its own index follows immediately. */
function withoutUpdate(
  { text }: Dockerfile,
  commands: readonly ShellCommand[],
  update: ShellCommand,
): RuleFix | undefined {
  const next = commands[commands.indexOf(update) + 1];
  if (!next || !isApk(next, "add") || !hasOption(next, "--no-cache") || update.joinedBy === "|") return undefined;
  const span = { start: update.span.start, end: next.span.start };
  const isPlain = /^[\s\\`]*(?:&&|;)[\s\\`]*$/.test(text.slice(update.span.end, next.span.start));
  return isPlain ? { title: "Remove apk update", changes: [{ span, text: "" }] } : undefined;
}

interface Place {
  readonly instruction: Instruction;
  readonly script: ShellScript;
  readonly command: ShellCommand;
}

/** True if another command, here or in a later RUN, may need the index that this one fetches or keeps. */
function isIndexUsedLater(build: Build, { instruction, script, command }: Place): boolean {
  const after = script.commands.slice(script.commands.indexOf(command) + 1);
  const later = build.memo("RUNs of an apk that needs an index", () =>
    runsWith(build, ({ commands }) => commands.some(needsIndex)),
  );
  return after.some(needsIndex) || isAnyLater(build, later, instruction) || mayBeUsedLater(build, { instruction });
}

/** True for an `apk` that neither fetches its own index nor works without one. */
function needsIndex(command: ShellCommand): boolean {
  return (
    runsProgram(command, "apk") &&
    ["add", "upgrade", "search", "fetch", "policy", "list"].includes(subcommandOf(command) ?? "") &&
    !hasOption(command, "--no-cache", "--update", "--update-cache", "-U", "--no-network")
  );
}

function isExempt({ run, script: { commands } }: InstructionScript): boolean {
  const isMounted = ["/var/cache/apk", "/etc/apk/cache"].some((folder) => mountsAt(run, folder).length > 0);
  // With another root, cache or repositories, apk depends on the content of that location.
  const isElsewhere = commands.some(
    (command) => runsProgram(command, "apk") && hasOption(command, "--root", "-p", "--cache-dir"),
  );
  return isMounted || isElsewhere || commands.some((command) => removesFolder(command, "/var/cache/apk"));
}

function withBlanksBefore({ text }: Dockerfile, { start, end }: Span): Span {
  return { start: start - (/[ \t]+$/.exec(text.slice(0, start))?.[0].length ?? 0), end };
}

/** The span of an `apk update &&` that only this command needs, up to the start of this command. */
function updateBefore(
  { text }: Dockerfile,
  commands: readonly ShellCommand[],
  command: ShellCommand,
): Span | undefined {
  const update = commands[commands.indexOf(command) - 1];
  if (!update || !runsProgram(update, "apk") || subcommandOf(update) !== "update" || command.joinedBy !== "&&")
    return undefined;
  const isOnlyUse = commands.filter((it) => runsProgram(it, "apk")).length === 2;
  const between = text.slice(update.span.end, command.span.start);
  return isOnlyUse && /^[\s\\`]*&&[\s\\`]*$/.test(between)
    ? { start: update.span.start, end: command.span.start }
    : undefined;
}
