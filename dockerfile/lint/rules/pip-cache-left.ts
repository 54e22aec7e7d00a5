import type { Instruction } from "../../syntax/syntax.ts";
import { removesFolder } from "../../semantics/removals.ts";
import {
  type InstructionScript,
  hasOption,
  operandsOf,
  runsProgram,
  spanUpTo,
  subcommandOf,
} from "../../semantics/runCommands.ts";
import { mountsOf } from "../../syntax/mounts.ts";
import { defineRule, type LintInput } from "../rule.ts";

export default defineRule({
  id: "pip-cache-left",
  group: "size",
  summary: "`pip install` keeps its downloads in the layer",
  why: `pip keeps every package it downloads in \`~/.cache/pip\`, so that the image carries each twice. \`--no-cache-dir\` or \`ENV PIP_NO_CACHE_DIR=1\` stops that; a cache mount keeps the downloads outside the image and makes the next build faster.

Nothing is said in a stage that the final image is not built on.`,
  severity: "info",
  aliases: ["DL3042"],
  sources: ["https://pip.pypa.io/en/stable/topics/caching/#disabling-caching"],
  examples: [
    {
      bad: `FROM python:3.13
RUN pip install -r requirements.txt
    ^^^^^^^^^^^ pip keeps its downloads in this layer: add --no-cache-dir or a cache mount
`,
      good: `FROM python:3.13
RUN pip install --no-cache-dir -r requirements.txt
`,
    },
    {
      bad: `FROM python:3.13
RUN --mount=type=cache,target=/root/.cache/pip pip install flask
RUN python3 -m pip install flask
               ^^^^^^^^^^^ pip keeps its downloads in this layer: add --no-cache-dir or a cache mount
`,
      good: `FROM python:3.13
RUN --mount=type=cache,target=/root/.cache/pip pip install flask
RUN python3 -m pip install --no-cache-dir flask
`,
    },
  ],
  *check(input) {
    const shipped = input.build.finalStages();
    for (const it of input.build.scripts()) {
      if (!shipped.has(it.instruction.stageIndex) || isExempt(it) || isDisabled(input, it.instruction)) continue;
      for (const command of it.script.commands) {
        const isInstall =
          command.name !== undefined && /(?:^|\/)pip[\d.]*$/.test(command.name) && subcommandOf(command) === "install";
        const isOwn =
          hasOption(command, "--no-cache-dir", "--cache-dir", "--dry-run") ||
          command.assignments.some(({ name }) => name === "PIP_NO_CACHE_DIR");
        if (isInstall && !isOwn) yield { span: spanUpTo(command, operandsOf(command)[0]), data: command };
      }
    }
  },
  message: () => "pip keeps its downloads in this layer: add --no-cache-dir or a cache mount",
  fixSafety: "safe",
  fix({ data: command }) {
    const end = operandsOf(command)[0]?.span.end ?? command.nameSpan.end;
    return { title: "Add --no-cache-dir", changes: [{ span: { start: end, end }, text: " --no-cache-dir" }] };
  },
});

function isExempt({ run, script: { commands } }: InstructionScript): boolean {
  const isMounted = mountsOf(run).some(
    ({ type, target }) => (type === "cache" || type === "tmpfs") && /\/\.cache(?:\/|$)|pip/.test(target?.value ?? ""),
  );
  const isCleaned = commands.some(
    (command) =>
      removesFolder(command, "/root/.cache/pip") ||
      (runsProgram(command, "pip", "pip3") &&
        operandsOf(command)
          .slice(0, 2)
          .map(({ value }) => value)
          .join(" ") === "cache purge"),
  );
  const isExported = commands.some(
    ({ name, arguments: words }) =>
      name === "export" && words.some(({ value }) => value.startsWith("PIP_NO_CACHE_DIR")),
  );
  return isMounted || isCleaned || isExported;
}

/** Any value disables the cache but those that say no. */
function isDisabled({ build }: LintInput, instruction: Instruction): boolean {
  const variable = build.scopes.variable(instruction, "PIP_NO_CACHE_DIR");
  if (variable) return !/^(?:0|false|no|off)$/i.test(variable.value ?? "1");
  const root = build.stageChain(build.file.stages[instruction.stageIndex]).at(-1);
  return build.baseImageFact(root)?.env.some((entry) => entry.startsWith("PIP_NO_CACHE_DIR=")) === true;
}
