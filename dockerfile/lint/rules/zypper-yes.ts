import { defineAssumeYesRule } from "../families/assumeYes.ts";

export default defineAssumeYesRule({
  id: "zypper-yes",
  group: "correctness",
  aliases: ["DL3034"],
  sources: ["https://en.opensuse.org/SDB:Zypper_manual"],
  program: {
    names: ["zypper"],
    subcommands: [
      "install",
      "in",
      "remove",
      "rm",
      "update",
      "up",
      "patch",
      "source-install",
      "si",
      "dist-upgrade",
      "dup",
      "install-new-recommends",
      "inr",
    ],
    answers: ["-n", "--non-interactive", "-y", "--no-confirm", "-D", "--dry-run", "-d", "--download-only"],
    answer: "-y",
  },
  examples: [
    {
      bad: `FROM opensuse/leap:15
RUN zypper install httpd && zypper clean
    ^^^^^^^^^^^^^^ zypper prompts for confirmation and no one can answer during a build; add -y
`,
      good: `FROM opensuse/leap:15
RUN zypper install -y httpd && zypper clean
`,
    },
  ],
});
