import { operandsOf, runsProgram } from "../../semantics/runCommands.ts";
import { baseFamilyOf } from "../../semantics/baseFamilies.ts";
import { defineRule } from "../rule.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";

/**
 * The program that a script should use for a subcommand of `apt`. Source: apt(8), “Script usage and differences from
 * other apt tools”.
 */
const stablePrograms: Readonly<Record<string, string>> = {
  install: "apt-get",
  reinstall: "apt-get",
  update: "apt-get",
  upgrade: "apt-get",
  "dist-upgrade": "apt-get",
  remove: "apt-get",
  purge: "apt-get",
  autoremove: "apt-get",
  autopurge: "apt-get",
  clean: "apt-get",
  autoclean: "apt-get",
  distclean: "apt-get",
  source: "apt-get",
  "build-dep": "apt-get",
  download: "apt-get",
  changelog: "apt-get",
  satisfy: "apt-get",
  search: "apt-cache",
  show: "apt-cache",
  policy: "apt-cache",
  depends: "apt-cache",
  rdepends: "apt-cache",
  showsrc: "apt-cache",
  madison: "apt-cache",
};

/**
 * Subcommands that do the same in both. `upgrade` of apt also installs new packages, and the output of `show` and
 * similar commands is laid out differently.
 * @see apt(8)
 */
const doesTheSame: ReadonlySet<string> = new Set(
  "install reinstall update remove purge autoremove autopurge clean autoclean distclean build-dep satisfy".split(" "),
);

export default defineRule({
  id: "apt-command",
  group: "style",
  summary: "`apt` is used instead of `apt-get` or `apt-cache`",
  why: "apt itself warns that its command line is not stable between versions and not meant for scripts. `apt-get` and `apt-cache` are.",
  severity: "info",
  aliases: ["DL3027"],
  sources: ["https://manpages.debian.org/bookworm/apt/apt.8.en.html"],
  examples: [
    {
      bad: `FROM debian:12
RUN apt update && apt show curl
    ^^^ apt is meant for terminals; in scripts use apt-get
                  ^^^ apt is meant for terminals; in scripts use apt-cache
`,
      good: `FROM debian:12
RUN apt-get update && apt-cache show curl
`,
    },
  ],
  *check(input) {
    for (const { instruction, script } of input.build.scripts()) {
      // Official images have the configuration that makes both programs delete the packages they downloaded.
      const isOfficial = baseFamilyOf(input.build, input.build.file.stages[instruction.stageIndex]) === "debian";
      for (const command of script.commands) {
        const subcommand = operandsOf(command)[0];
        if (runsProgram(command, "apt") && subcommand)
          yield {
            span: command.nameSpan,
            data: {
              program: ownEntry(stablePrograms, subcommand.value),
              written: command.name,
              isSafe: isOfficial && doesTheSame.has(subcommand.value),
            },
          };
      }
    }
  },
  message: ({ program }) => `apt is meant for terminals; in scripts use ${program ?? "apt-get or apt-cache"}`,
  fixSafety: "safe",
  fix: ({ span, data: { program, written, isSafe } }) =>
    program && span.end - span.start === written?.length
      ? {
          title: `Use ${program}`,
          changes: [{ span: { start: span.end - "apt".length, end: span.end }, text: program }],
          ...(!isSafe && { safety: "unsafe" as const }),
        }
      : undefined,
});
