import { hasOption, operandsOf, runsProgram, spanUpTo, subcommandOf } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "no-install-recommends",
  group: "size",
  summary: "`apt-get install` also installs recommended packages",
  why: `By default apt installs what a package recommends, not only what it needs. That is meant for desktops; in an image it often doubles the size. Some programs need a recommended package at run time, so test after adding the option.

Not reported in a stage that the final image isn't built on.`,
  severity: "info",
  aliases: ["DL3015"],
  sources: ["https://manpages.debian.org/bookworm/apt/apt-get.8.en.html"],
  examples: [
    {
      bad: `FROM debian:12
RUN apt-get install -y curl
    ^^^^^^^^^^^^^^^ This also installs recommended packages; add --no-install-recommends
`,
      good: `FROM debian:12
RUN apt-get install -y --no-install-recommends curl
`,
    },
  ],
  *check(input) {
    const shipped = input.build.finalStages();
    const isConfigured = /APT::Install-Recommends/i.test(input.build.file.text);
    for (const { instruction, script } of isConfigured ? [] : input.build.scripts()) {
      if (!shipped.has(instruction.stageIndex)) continue;
      for (const command of script.commands) {
        const isInstall =
          runsProgram(command, "apt-get", "apt") &&
          subcommandOf(command) === "install" &&
          operandsOf(command).length > 1;
        if (
          isInstall &&
          !hasOption(command, "--no-install-recommends", "--install-recommends", "-s", "--dry-run", "--download-only")
        )
          yield { span: spanUpTo(command, operandsOf(command)[0]), data: command };
      }
    }
  },
  message: () => "This also installs recommended packages; add --no-install-recommends",
  fixSafety: "unsafe",
  fix({ data: command }) {
    const subcommand = operandsOf(command)[0];
    const next = command.arguments[subcommand ? command.arguments.indexOf(subcommand) + 1 : 0];
    const end =
      (/^-(?:y|qq|qqy|yqq|-yes|-assume-yes)$/.test(next?.value ?? "") ? next : subcommand)?.span.end ??
      command.nameSpan.end;
    return {
      title: "Add --no-install-recommends",
      changes: [{ span: { start: end, end }, text: " --no-install-recommends" }],
    };
  },
});
