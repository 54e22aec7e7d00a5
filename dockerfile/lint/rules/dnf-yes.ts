import { dnfPrompts } from "../../semantics/packages/calls.ts";
import { defineAssumeYesRule } from "../families/assumeYes.ts";

export default defineAssumeYesRule({
  id: "dnf-yes",
  group: "correctness",
  aliases: ["DL3038"],
  sources: ["https://dnf.readthedocs.io/en/latest/command_ref.html"],
  program: {
    names: ["dnf", "dnf5", "microdnf", "tdnf"],
    subcommands: dnfPrompts,
    answers: ["-y", "--assumeyes", "--assumeno", "--downloadonly"],
    answer: "-y",
  },
  examples: [
    {
      bad: `FROM fedora:42
RUN dnf install httpd && dnf clean all
    ^^^^^^^^^^^ dnf prompts for confirmation and no one can answer during a build; add -y
`,
      good: `FROM fedora:42
RUN dnf install -y httpd && dnf clean all
`,
    },
  ],
});
