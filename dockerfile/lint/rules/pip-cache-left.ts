import type { Instruction } from "../../syntax/syntax.ts";
import { assignedIn, type CachePlaces, isCacheKeptOut } from "../../semantics/packages/cacheFolders.ts";
import type { ShellCommand, ShellWord } from "../../shell/shell.ts";
import {
  type InstructionScript,
  hasOption,
  operandsOf,
  runsProgram,
  spanUpTo,
  subcommandOf,
} from "../../semantics/runCommands.ts";
import { addOption } from "../fixes/addOption.ts";
import { defineRule, type LintInput } from "../rule.ts";

export default defineRule({
  id: "pip-cache-left",
  group: "size",
  summary: "The cache of `pip` is left in the layer",
  why: `pip keeps every package it downloads in \`~/.cache/pip\`, so the image contains each of them twice. \`--no-cache-dir\` or \`ENV PIP_NO_CACHE_DIR=1\` stops that; a cache mount keeps the downloads outside the image and makes the next build faster. The same goes for the folder of \`--cache-dir\`, unless a mount covers it or the same \`RUN\` removes it.

Not reported in a stage that the final image isn't built on.`,
  severity: "info",
  aliases: ["DL3042"],
  sources: ["https://pip.pypa.io/en/stable/topics/caching/#disabling-caching"],
  examples: [
    {
      bad: `FROM python:3.13
RUN pip install -r requirements.txt
    ^^^^^^^^^^^ pip keeps its downloads in this layer; add --no-cache-dir or a cache mount
`,
      good: `FROM python:3.13
RUN pip install --no-cache-dir -r requirements.txt
`,
    },
    {
      bad: `FROM python:3.13
RUN --mount=type=cache,target=/root/.cache/pip pip install flask
RUN python3 -m pip install flask
               ^^^^^^^^^^^ pip keeps its downloads in this layer; add --no-cache-dir or a cache mount
`,
      good: `FROM python:3.13
RUN --mount=type=cache,target=/root/.cache/pip pip install flask
RUN python3 -m pip install --no-cache-dir flask
`,
    },
    {
      bad: `FROM python:3.13
RUN --mount=type=cache,target=/opt/cache pip install --cache-dir=/opt/cache flask
RUN pip --cache-dir /opt/cache install flask
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ pip keeps its downloads in this layer; add --no-cache-dir or a cache mount
`,
      good: `FROM python:3.13
RUN --mount=type=cache,target=/opt/cache pip install --cache-dir=/opt/cache flask
RUN pip --no-cache-dir install flask
`,
    },
  ],
  *check(input) {
    const shipped = input.build.finalStages();
    for (const it of input.build.scripts()) {
      if (!shipped.has(it.instruction.stageIndex)) continue;
      const installs = it.script.commands.filter((command) => isInstall(command) && !isOff(command));
      if (installs.length === 0 || isExempt(input, it)) continue;
      for (const command of installs) yield { span: spanUpTo(command, operandsOf(command)[0]), data: command };
    }
  },
  message: () => "pip keeps its downloads in this layer; add --no-cache-dir or a cache mount",
  fixSafety: "safe",
  fix({ data: command }) {
    const [first] = cacheFolderWords(command);
    const last = cacheFolderWords(command).at(-1);
    // pip follows the last of both options.
    return first && last
      ? {
          title: "Use --no-cache-dir",
          // A later line may expect the folder.
          safety: "unsafe",
          changes: [{ span: { start: first.span.start, end: last.span.end }, text: "--no-cache-dir" }],
        }
      : { title: "Add --no-cache-dir", changes: [addOption(command, "--no-cache-dir")] };
  },
});

const places: CachePlaces = {
  folders: ["/root/.cache/pip"],
  homeFolders: [".cache/pip"],
  variables: [{ name: "PIP_CACHE_DIR" }, { name: "XDG_CACHE_HOME", below: "pip" }],
  options: ["--cache-dir"],
  printedBy: /^\$\(pip[\d.]* cache dir\)$/,
};

function isInstall(command: ShellCommand): boolean {
  return /(?:^|\/)pip[\d.]*$/.test(command.name ?? "") && subcommandOf(command) === "install";
}

/** The words of `--cache-dir=/x` or `--cache-dir /x`. */
function cacheFolderWords({ arguments: words }: ShellCommand): readonly ShellWord[] {
  const index = words.findIndex(({ value }) => /^--cache-dir(?:=|$)/.test(value));
  return index < 0 ? [] : words.slice(index, words[index]?.value === "--cache-dir" ? index + 2 : index + 1);
}

/** True for an install that doesn't keep downloads, or keeps them in a folder that only the shell knows. */
function isOff(command: ShellCommand): boolean {
  return (
    hasOption(command, "--no-cache-dir", "--dry-run") ||
    cacheFolderWords(command).some(({ isLiteral }) => !isLiteral) ||
    command.assignments.some(({ name, value }) => name === noCache && saysYes(value?.value ?? ""))
  );
}

function isExempt(input: LintInput, it: InstructionScript): boolean {
  const { commands } = it.script;
  if (isCacheKeptOut(input.build, it, commands.findLastIndex(isInstall), places)) return true;
  const purges = commands.some(
    (command) =>
      runsProgram(command, "pip", "pip3") &&
      operandsOf(command)
        .slice(0, 2)
        .map(({ value }) => value)
        .join(" ") === "cache purge",
  );
  const exported = assignedIn(
    commands.filter(({ name, arguments: words }) => name !== undefined && words.length > 0 && !/pip[\d.]*$/.test(name)),
    noCache,
  );
  return purges || (exported === undefined ? isDisabled(input, it.instruction) : saysYes(exported));
}

const noCache = "PIP_NO_CACHE_DIR";

/** True for values that disable the cache: any value except an empty one and those that mean no. */
function saysYes(value: string): boolean {
  return !/^(?:0|false|no|off|n|f|)$/i.test(value);
}

function isDisabled({ build }: LintInput, instruction: Instruction): boolean {
  const variable = build.scopesWithBases().variable(instruction, noCache);
  return variable !== undefined && saysYes(variable.value ?? "1");
}
