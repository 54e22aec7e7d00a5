import type { ShellCommand } from "../../shell/shell.ts";
import { hasOption, runsProgram } from "../../semantics/runCommands.ts";
import { baseFamilyOf } from "../../semantics/baseFamilies.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "wget-progress",
  group: "style",
  summary: "`wget` writes its progress bar to the build log",
  why: "Without a terminal, `wget` writes a line for every 50 KB, which buries the log of a large download. `--progress=dot:giga` writes one for every 32 MB. BusyBox's `wget` has no such option; there `-q` does.",
  severity: "off",
  aliases: ["DL3047"],
  sources: ["https://www.gnu.org/software/wget/manual/wget.html#Download-Options"],
  examples: [
    {
      bad: `FROM debian:12
RUN wget https://example.org/a.tar.gz
    ^^^^ wget fills the build log with progress output; add --progress=dot:giga
`,
      good: `FROM debian:12
RUN wget --progress=dot:giga https://example.org/a.tar.gz
`,
    },
    {
      bad: `FROM alpine:3.22
RUN wget https://example.org/a.tar.gz
    ^^^^ wget fills the build log with progress output; add -q
`,
      good: `FROM alpine:3.22
RUN wget -q https://example.org/a.tar.gz
`,
    },
  ],
  *check(input) {
    for (const { instruction, script } of input.build.scripts()) {
      const stage = input.build.file.stages[instruction.stageIndex];
      const option = isBusybox(stage?.base?.value) ? "-q" : "--progress=dot:giga";
      // Elsewhere wget may be BusyBox's or version 2, which reject the option.
      const isKnown = option === "-q" || baseFamilyOf(input.build, stage) === "debian";
      for (const command of script.commands) {
        if (runsProgram(command, "wget") && fetches(command) && showsProgress(command))
          yield { span: command.nameSpan, data: { option, isKnown } };
      }
    }
  },
  message: ({ option }) => `wget fills the build log with progress output; add ${option}`,
  fixSafety: "safe",
  fix: ({ span, data: { option, isKnown } }) => ({
    title: `Add ${option}`,
    changes: [{ span: { start: span.end, end: span.end }, text: ` ${option}` }],
    ...(!isKnown && { safety: "unsafe" as const }),
  }),
});

function isBusybox(base = ""): boolean {
  return /alpine|busybox/i.test(base);
}

function fetches(command: ShellCommand): boolean {
  return command.arguments.length > 0 && !hasOption(command, "--version", "--help");
}

/** The options that keep wget quiet, or redirect its output. */
const quietOptions = [
  "-q",
  "--quiet",
  "-nv",
  "--no-verbose",
  "-o",
  "--output-file",
  "-a",
  "--append-output",
  "--progress",
];

function showsProgress(command: ShellCommand): boolean {
  const isQuiet =
    hasOption(command, ...quietOptions) || command.arguments.some(({ value }) => /^-nv|^-[a-zA-Z]*q/.test(value));
  const isAway = command.redirections.some(
    ({ operator }) => /^(?:2|&)?>/.test(operator) && operator !== ">" && operator !== ">>",
  );
  return !isQuiet && !isAway;
}
