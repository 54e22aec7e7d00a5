import { defineRule } from "../rule.ts";

const nested = `${"( ".repeat(220)}true${" )".repeat(220)}`;

export default defineRule({
  id: "unread-script",
  group: "correctness",
  summary: "A script is too long or too deeply nested to be checked whole",
  why: `Scripts are read up to 512 kB, and commands up to 200 levels of nesting, 4 of \`sh -c\` in \`sh -c\` or 20 wrappers such as \`sudo\`. Rules about commands find nothing in the rest, so this rule reports it. Move such a script into a file and \`COPY\` it.`,
  severity: "warning",
  aliases: [],
  sources: [],
  examples: [
    {
      bad: `FROM debian:12
RUN ${nested}
^^^ Not all commands of this script are checked: some are nested too deep
`,
      good: `FROM debian:12
COPY build.sh /tmp/
RUN /tmp/build.sh
`,
    },
  ],
  *check({ build }) {
    for (const { instruction, script } of build.scripts()) {
      if (script.unread) yield { span: instruction.keyword.span, data: script.unread };
    }
  },
  message: (unread) =>
    unread === "long"
      ? "The commands of this script aren't checked: it is longer than 512 kB. Move it into a file"
      : "Not all commands of this script are checked: some are nested too deep",
});
