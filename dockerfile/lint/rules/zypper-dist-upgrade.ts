import { operandsOf, runsProgram, spanUpTo, subcommandOf } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "zypper-dist-upgrade",
  group: "size",
  summary: "`zypper dist-upgrade` replaces the distribution of the base image",
  why: "A distribution upgrade may replace, downgrade and remove any package of the base image, and doubles its size. A newer base image gives the same result without the extra size.",
  severity: "warning",
  aliases: ["DL3035"],
  sources: ["https://en.opensuse.org/SDB:Zypper_manual"],
  examples: [
    {
      bad: `FROM opensuse/leap:15
RUN zypper -n dist-upgrade && zypper clean
    ^^^^^^^^^^^^^^^^^^^^^^ This replaces the base image's packages; use a newer base image
`,
      good: `FROM opensuse/leap:16
RUN zypper -n patch && zypper clean
`,
    },
  ],
  *check(input) {
    for (const { script } of input.build.scripts()) {
      for (const command of script.commands) {
        if (runsProgram(command, "zypper") && ["dist-upgrade", "dup"].includes(subcommandOf(command) ?? ""))
          yield { span: spanUpTo(command, operandsOf(command)[0]), data: undefined };
      }
    }
  },
  message: () => "This replaces the base image's packages; use a newer base image",
});
