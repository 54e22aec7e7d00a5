import { hasOption, runsProgram } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "useradd-no-log-init",
  group: "size",
  summary: "`useradd` with a large UID writes a huge sparse file",
  why: "`useradd` records the user in `/var/log/faillog` and `/var/log/lastlog`, at an offset that depends on the UID. With a large UID the file is mostly a hole, which the layer stores as gigabytes of zeros. `--no-log-init` prevents that.",
  severity: "warning",
  aliases: ["DL3046"],
  sources: ["https://docs.docker.com/build/building/best-practices/#user", "https://github.com/golang/go/issues/13548"],
  examples: [
    {
      bad: `FROM debian:12
RUN useradd -m -u 1234567 app
    ^^^^^^^ A UID this large makes useradd write a huge file; add --no-log-init
`,
      good: `FROM debian:12
RUN useradd --no-log-init -m -u 1234567 app
`,
    },
  ],
  *check(input) {
    for (const { script } of input.build.scripts()) {
      for (const command of script.commands) {
        const words = command.arguments.map(({ value }) => value);
        const uid = words
          .map((word, index) =>
            word === "-u" || word === "--uid" ? words[index + 1] : /^(?:-u|--uid=)(\d+)$/.exec(word)?.[1],
          )
          .find((value) => value !== undefined);
        if (runsProgram(command, "useradd") && /^\d{6,}$/.test(uid ?? "") && !hasOption(command, "-l", "--no-log-init"))
          yield { span: command.nameSpan, data: undefined };
      }
    }
  },
  message: () => "A UID this large makes useradd write a huge file; add --no-log-init",
  fixSafety: "safe",
  fix: ({ span }) => ({
    title: "Add --no-log-init",
    changes: [{ span: { start: span.end, end: span.end }, text: " --no-log-init" }],
  }),
});
