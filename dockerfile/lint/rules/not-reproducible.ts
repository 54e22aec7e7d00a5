import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import type { Dockerfile, Instruction, Span, Stage } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import { downloadOf } from "../../semantics/downloads.ts";
import { type InstructionScript, hasOption, operandsOf, runsProgram, spanUpTo } from "../../semantics/runCommands.ts";
import { defineRule, type LintInput } from "../rule.ts";

export default defineRule<Kind>({
  id: "not-reproducible",
  group: "reproducibility",
  summary: "The result depends on when the image is built",
  why: `To get the same image from the same sources, today and in a year, every input and every timestamp must be fixed.

Reported are current package indexes, branches and latest releases, the clock, and a final stage that doesn't declare \`SOURCE_DATE_EPOCH\`. A Debian or Ubuntu snapshot, a commit or a checksum fixes an input; \`--build-arg SOURCE_DATE_EPOCH=…\` and the exporter's \`rewrite-timestamp=true\` fix the times. Off by default; use it together with [image-without-digest](image-without-digest.md).`,
  severity: "off",
  aliases: [],
  sources: [
    "https://docs.docker.com/build/ci/github-actions/reproducible-builds/",
    "https://reproducible-builds.org/docs/source-date-epoch/",
    "https://wiki.debian.org/ReproducibleBuilds",
  ],
  examples: [
    {
      bad: `FROM debian:12
     ^^^^^^^^^ Files created in this stage get the build time as their mtime; declare ARG SOURCE_DATE_EPOCH, which BuildKit and many tools use
ADD https://github.com/acme/tool.git#main /src
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ This ref can move; pin it to a commit hash
RUN apt-get update && apt-get install -y make
    ^^^^^^^^^^^^^^ The package index changes over time; use a dated snapshot
RUN date > /build-date
    ^^^^ The build time ends up in the image; use SOURCE_DATE_EPOCH
RUN curl -fsSLO https://example.org/releases/latest/tool.tar.gz
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ "latest" changes over time; pin a version
`,
      good: `FROM debian:12
ARG SOURCE_DATE_EPOCH
ADD https://github.com/acme/tool.git#8d2d1c1f0a4e3e4f6b7a8c9d0e1f2a3b4c5d6e7f /src
RUN apt-get --snapshot 20250901T000000Z update && apt-get install -y make
RUN date -u -d "@$SOURCE_DATE_EPOCH" > /build-date
RUN curl -fsSLO https://example.org/releases/1.2.0/tool.tar.gz
`,
    },
  ],
  *check(input) {
    const { file } = input.build;
    const scripts = input.build.scripts();
    const last = file.stages.at(-1);
    if (
      last?.base &&
      scripts.some(({ instruction }) => instruction.stageIndex === last.index) &&
      !declaresEpoch(input.build, last)
    )
      yield { span: last.base.span, data: "epoch" };
    for (const instruction of file.instructions) yield* gitSources(input, instruction);
    for (const it of scripts) yield* inScript(file, it);
  },
  message: (kind) => messages[kind],
});

type Kind = "epoch" | "index" | "clock" | "branch" | "newest";
interface Found {
  readonly span: Span;
  readonly data: Kind;
}

const messages: Readonly<Record<Kind, string>> = {
  epoch:
    "Files created in this stage get the build time as their mtime; declare ARG SOURCE_DATE_EPOCH, which BuildKit and many tools use",
  index: "The package index changes over time; use a dated snapshot",
  clock: "The build time ends up in the image; use SOURCE_DATE_EPOCH",
  branch: "This ref can move; pin it to a commit hash",
  newest: '"latest" changes over time; pin a version',
};

function declaresEpoch(build: Build, last: Stage): boolean {
  return build
    .stageChain(last)
    .some(({ instructions }) =>
      instructions.some(
        ({ keyword, pairs }) =>
          (keyword.value === "ARG" || keyword.value === "ENV") &&
          pairs.some(({ key }) => key.value === "SOURCE_DATE_EPOCH"),
      ),
    );
}

/** Finds `ADD https://…/x.git#branch`. A tag can't be distinguished from a branch, and both can be moved. */
function* gitSources({ build }: LintInput, outer: Instruction): Generator<Found> {
  const instruction = outer.trigger ?? outer;
  if (instruction.keyword.value !== "ADD" || instruction.flags.some(({ name }) => name === "checksum")) return;
  for (const { value, span, logical } of instruction.arguments.slice(0, -1)) {
    const source = build.expand(instruction, logical) ?? value;
    const [isGit, reference = ""] =
      /^(?:(?:https?|ssh|git):\/\/[^#?]+\.git|[\w.-]+@[\w.-]+:[^#?]+)(?:$|[#?](.*))/.exec(source) ?? [];
    if (isGit !== undefined && !/[0-9a-f]{40}/.test(reference)) yield { span, data: "branch" };
  }
}

function* inScript({ text }: Dockerfile, { instruction, script }: InstructionScript): Generator<Found> {
  const hasSnapshot = /snapshot/i.test(text.slice(instruction.span.start, instruction.span.end));
  for (const command of script.commands) {
    const download = downloadOf(command);
    if (download && isMoving(download.address.value)) yield { span: download.address.span, data: "newest" };
    else if (!hasSnapshot && fetchesIndex(command))
      yield { span: spanUpTo(command, operandsOf(command)[0]), data: "index" };
    else if (runsProgram(command, "date") && !readsOtherTime(command)) yield { span: command.nameSpan, data: "clock" };
    else if (runsProgram(command, "git") && operandsOf(command)[0]?.value === "clone" && !hasCheckout(script))
      yield { span: spanUpTo(command, operandsOf(command)[0]), data: "branch" };
  }
}

function isMoving(address: string): boolean {
  return /\/(?:latest|main|master|HEAD|trunk|nightly|stable|current)(?:[/.?#]|$)/.test(address);
}

function fetchesIndex(command: ShellCommand): boolean {
  const subcommand = operandsOf(command)[0]?.value ?? "";
  if (runsProgram(command, "apt-get", "apt", "aptitude")) return subcommand === "update";
  if (runsProgram(command, "apk"))
    return (
      subcommand === "update" ||
      subcommand === "upgrade" ||
      (subcommand === "add" &&
        operandsOf(command)
          .slice(1)
          .some(({ value }) => !value.includes("=")))
    );
  if (runsProgram(command, "pacman")) return command.arguments.some(({ value }) => /^-S[a-z]*y/.test(value));
  return (
    runsProgram(command, "yum", "dnf", "microdnf", "zypper") &&
    ["install", "in", "update", "upgrade", "makecache"].includes(subcommand)
  );
}

/** True for `date -d @…`, `-r FILE`, or one that only prints help. */
function readsOtherTime(command: ShellCommand): boolean {
  return (
    hasOption(command, "--date", "--reference", "--version", "--help") ||
    command.arguments.some(({ value }) => /^-[a-zA-Z]*[dr]/.test(value))
  );
}

/** True if a commit is checked out after the clone. */
function hasCheckout({ commands }: ShellScript): boolean {
  return commands.some(
    (command) =>
      runsProgram(command, "git") &&
      ["checkout", "reset", "switch"].includes(
        operandsOf(command).find(({ value }) => /^[a-z]+$/.test(value))?.value ?? "",
      ) &&
      command.arguments.some(({ value }) => /^[0-9a-f]{40}$|\$/.test(value)),
  );
}
