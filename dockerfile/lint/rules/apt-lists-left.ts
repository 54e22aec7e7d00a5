import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import { appendCommand } from "../../edit/edits.ts";
import type { Build } from "../../semantics/build.ts";
import { mountsAt } from "../../semantics/mounts.ts";
import { mountsOf } from "../../syntax/mounts.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { removedPaths, removesFolder } from "../../semantics/removals.ts";
import {
  type InstructionScript,
  operandsOf,
  runsProgram,
  spanUpTo,
  subcommandOf,
} from "../../semantics/runCommands.ts";
import { changesUser, isAnyLater, mayBeUsedLater, runsWith } from "../fixes/laterRuns.ts";
import { defineRule, type Finding } from "../rule.ts";

export default defineRule({
  id: "apt-lists-left",
  group: "size",
  summary: "Package lists are left in the layer",
  why: `\`apt-get update\` writes tens of megabytes of package lists to \`/var/lib/apt/lists\`. A later \`RUN\` that deletes them only hides them: they remain in the layer below and every pull carries them.

Not reported if the lists never reach the image: in a stage that the final image isn't built on, with a cache or tmpfs mount over them, or if the same \`RUN\` removes them.

Debian's and Ubuntu's images delete downloaded packages with a hook, \`/etc/apt/apt.conf.d/docker-clean\`. If the Dockerfile removes the hook in order to use a cache mount, \`/var/cache/apt\` needs a mount too.`,
  severity: "info",
  aliases: ["DL3009"],
  sources: ["https://docs.docker.com/build/building/best-practices/#apt-get"],
  examples: [
    {
      bad: `FROM debian:12
RUN rm -f /etc/apt/apt.conf.d/docker-clean
RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl
                                                             ^^^^^^^^^^^^^^^ Downloaded packages stay in this layer, because docker-clean was removed: mount a cache at /var/cache/apt too
`,
      good: `FROM debian:12
RUN rm -f /etc/apt/apt.conf.d/docker-clean
RUN --mount=type=cache,target=/var/lib/apt --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y curl
`,
    },
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
  *check(input): Iterable<Finding<AptLeftover>> {
    const shipped = input.build.finalStages();
    const installing = runsWith(input.build, installsFirst);
    for (const it of input.build.scripts()) {
      if (!shipped.has(it.instruction.stageIndex)) continue;
      const update = leftUpdate(it);
      const install = update ? undefined : leftPackages(input.build, it);
      if (install)
        yield {
          span: spanUpTo(install, operandsOf(install)[0]),
          data: { ...it, isNeededLater: false, left: "packages" },
        };
      if (!update) continue;
      const isNeededLater = isAnyLater(input.build, installing, it.instruction);
      yield { span: spanUpTo(update, operandsOf(update)[0]), data: { ...it, isNeededLater, left: "lists" } };
    }
  },
  message({ isNeededLater, left }) {
    if (left === "packages")
      return "Downloaded packages stay in this layer, because docker-clean was removed: mount a cache at /var/cache/apt too";
    return isNeededLater
      ? "Package lists stay in this layer, and a later RUN installs from them: update, install and remove the lists in one RUN"
      : "Package lists stay in this layer: remove /var/lib/apt/lists/* in this RUN";
  },
  fixSafety: "safe",
  fix({ data: { instruction, script, isNeededLater, left } }, { build }) {
    if (isNeededLater || left === "packages") return undefined;
    const changes = appendCommand(build.file, instruction, script, "rm -rf /var/lib/apt/lists/*");
    const isSafe = !changesUser(script) && !mayBeUsedLater(build, { instruction });
    return (
      changes && {
        title: "Remove the package lists in this RUN",
        changes,
        ...(!isSafe && { safety: "unsafe" as const }),
      }
    );
  },
});

type AptLeftover = InstructionScript & { readonly isNeededLater: boolean; readonly left: "lists" | "packages" };

/**
 * The install whose packages stay in /var/cache/apt. Debian's images empty it with a hook, which the file has removed.
 */
function leftPackages(build: Build, { instruction, run, script }: InstructionScript): ShellCommand | undefined {
  const isKept = mountsAt(run, packagesFolder).some(({ type }) => type === "cache" || type === "tmpfs");
  if (isKept || mountsOf(run).every(({ type }) => type !== "cache" && type !== "tmpfs")) return undefined;
  const index = script.commands.findLastIndex(
    (command) => runsProgram(command, "apt-get", "apt", "aptitude") && installing.has(subcommandOf(command) ?? ""),
  );
  const isCleaned = script.commands.some((command, at) => at > index && cleansPackages(command));
  return index >= 0 && !isCleaned && isHookRemoved(build, instruction) ? script.commands[index] : undefined;
}

/** True if removed by this RUN or an earlier one that it builds on. */
function isHookRemoved(build: Build, instruction: Instruction): boolean {
  return build
    .scripts()
    .some(
      (earlier) =>
        earlier.instruction.index <= instruction.index &&
        build.isBuiltOn(instruction, earlier.instruction) &&
        earlier.script.commands.some((command) => removesHook(command)),
    );
}

function removesHook(command: ShellCommand): boolean {
  return removedPaths(command).some((path) => path.endsWith("/docker-clean") || path === "docker-clean");
}

function cleansPackages(command: ShellCommand): boolean {
  const isClean =
    runsProgram(command, "apt-get", "apt", "aptitude") &&
    ["clean", "distclean", "dist-clean"].includes(subcommandOf(command) ?? "");
  return isClean || removesFolder(command, packagesFolder) || removesFolder(command, `${packagesFolder}/archives`);
}

const packagesFolder = "/var/cache/apt";
const installing = new Set([
  "install",
  "upgrade",
  "dist-upgrade",
  "full-upgrade",
  "safe-upgrade",
  "build-dep",
  "reinstall",
]);

const listsFolder = "/var/lib/apt/lists";

/** The last update whose lists aren't removed before the RUN ends. */
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

/** True if a script installs packages before it fetches lists itself. */
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
