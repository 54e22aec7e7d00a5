import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import { appendCommand } from "../../edit/edits.ts";
import { mountsAt } from "../../semantics/mounts.ts";
import { removesFolder } from "../../semantics/removals.ts";
import {
  type InstructionScript,
  operandsOf,
  runsProgram,
  spanUpTo,
  subcommandOf,
} from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "apt-lists-left",
  group: "size",
  summary: "Package lists stay in the layer of the `RUN` that fetched them",
  why: `\`apt-get update\` writes tens of megabytes of package lists to \`/var/lib/apt/lists\`. A later \`RUN\` that deletes them only hides them: they remain in the layer below and every pull carries them.

Nothing is said where the lists never reach the image: in a stage that the final image is not built on, with a cache or tmpfs mount over them, or where the same \`RUN\` removes them.`,
  severity: "info",
  aliases: ["DL3009"],
  sources: ["https://docs.docker.com/build/building/best-practices/#apt-get"],
  examples: [
    {
      bad: `FROM debian:12
RUN apt-get update && apt-get install -y curl
    ^^^^^^^^^^^^^^ Package lists stay in this layer: remove /var/lib/apt/lists/* in this RUN
`,
      good: `FROM debian:12
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
`,
    },
    {
      bad: `FROM debian:12
RUN apt-get update \\
    ^^^^^^^^^^^^^^ Package lists stay in this layer: remove /var/lib/apt/lists/* in this RUN
    && apt-get install -y \\
       curl \\
       git \\
    && rm -rf /tmp/build
`,
      good: `FROM debian:12
RUN apt-get update \\
    && apt-get install -y \\
       curl \\
       git \\
    && rm -rf /tmp/build \\
    && rm -rf /var/lib/apt/lists/*
`,
    },
    {
      bad: `FROM debian:12
RUN <<EOF
set -e
apt-get update
^^^^^^^^^^^^^^ Package lists stay in this layer: remove /var/lib/apt/lists/* in this RUN
apt-get install -y curl
EOF
`,
      good: `FROM debian:12
RUN <<EOF
set -e
apt-get update
apt-get install -y curl
rm -rf /var/lib/apt/lists/*
EOF
`,
    },
    {
      bad: `FROM debian:12
RUN apt-get update
    ^^^^^^^^^^^^^^ Package lists stay in this layer, and a later RUN installs from them: update, install and remove the lists in one RUN
RUN apt-get install -y curl
`,
      good: `FROM debian:12
RUN --mount=type=cache,target=/var/lib/apt/lists,sharing=locked apt-get update && apt-get install -y curl
`,
    },
  ],
  *check(input) {
    const shipped = input.build.finalStages();
    const scripts = input.build.scripts();
    for (const it of scripts) {
      const update = shipped.has(it.instruction.stageIndex) ? leftUpdate(it) : undefined;
      if (!update) continue;
      const isNeededLater = scripts.some(
        (later) =>
          later.instruction.index > it.instruction.index &&
          input.build.isBuiltOn(later.instruction, it.instruction) &&
          installsFirst(later.script),
      );
      yield { span: spanUpTo(update, operandsOf(update)[0]), data: { ...it, isNeededLater } };
    }
  },
  message: ({ isNeededLater }) =>
    isNeededLater
      ? "Package lists stay in this layer, and a later RUN installs from them: update, install and remove the lists in one RUN"
      : "Package lists stay in this layer: remove /var/lib/apt/lists/* in this RUN",
  fixSafety: "safe",
  fix({ data: { instruction, script, isNeededLater } }, { build: { file } }) {
    const changes = isNeededLater ? undefined : appendCommand(file, instruction, script, "rm -rf /var/lib/apt/lists/*");
    return changes && { title: "Remove the package lists in this RUN", changes };
  },
});

const listsFolder = "/var/lib/apt/lists";

/** The last update whose lists nothing removes before the RUN ends. */
function leftUpdate({ run, script: { commands } }: InstructionScript): ShellCommand | undefined {
  if (mountsAt(run, listsFolder).some(({ type }) => type === "cache" || type === "tmpfs")) return undefined;
  const index = commands.findLastIndex(
    (command) => runsProgram(command, "apt-get", "apt", "aptitude") && subcommandOf(command) === "update",
  );
  const isRemoved = commands.some((command, at) => (at > index || command.name === "trap") && removesLists(command));
  return index >= 0 && !isRemoved ? commands[index] : undefined;
}

function removesLists(command: ShellCommand): boolean {
  // `apt-get distclean` removes the lists since apt 2.7.8 (apt-get(8)).
  const isDistclean =
    runsProgram(command, "apt-get", "apt") && ["distclean", "dist-clean"].includes(subcommandOf(command) ?? "");
  return isDistclean || removesFolder(command, listsFolder);
}

/** Whether a script installs packages before it fetches lists itself. */
function installsFirst({ commands }: ShellScript): boolean {
  const first = commands.find(
    (command) => runsProgram(command, "apt-get", "apt", "aptitude") && usesLists.has(subcommandOf(command) ?? ""),
  );
  return first !== undefined && subcommandOf(first) !== "update";
}

const usesLists = new Set([
  "update",
  "install",
  "upgrade",
  "dist-upgrade",
  "full-upgrade",
  "safe-upgrade",
  "build-dep",
  "source",
  "download",
]);
