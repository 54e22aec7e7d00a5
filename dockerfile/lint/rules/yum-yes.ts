import { dnfPrompts } from "../../semantics/packages/calls.ts";
import { defineAssumeYesRule } from "../families/assumeYes.ts";

export default defineAssumeYesRule({
  id: "yum-yes",
  group: "correctness",
  aliases: ["DL3030"],
  sources: ["https://man7.org/linux/man-pages/man8/yum.8.html"],
  program: {
    names: ["yum"],
    subcommands: dnfPrompts,
    answers: ["-y", "--assumeyes", "--assumeno", "--downloadonly"],
    answer: "-y",
  },
  examples: [
    {
      bad: `FROM centos:7
RUN yum install httpd && yum clean all
    ^^^^^^^^^^^ yum prompts for confirmation and no one can answer during a build; add -y
`,
      good: `FROM centos:7
RUN yum install -y httpd && yum clean all
`,
    },
  ],
});
