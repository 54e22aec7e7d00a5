import { defineRule } from "../rule.ts";

export default defineRule({
  id: "expose-proto-casing",
  group: "style",
  summary: "The protocol in `EXPOSE` isn't lower case",
  why: "Protocols are written in lower case, as in `80/tcp`. BuildKit accepts capitals; other tools that read the file may not.",
  severity: "hint",
  aliases: ["ExposeProtoCasing"],
  sources: ["https://docs.docker.com/reference/build-checks/expose-proto-casing/"],
  examples: [
    {
      bad: `FROM scratch
EXPOSE 80/TCP 90/udp
          ^^^ The protocol TCP should be lower case; write tcp
`,
      good: `FROM scratch
EXPOSE 80/tcp 90/udp
`,
    },
  ],
  *check({ build: { file } }) {
    for (const { keyword, arguments: ports } of file.instructions) {
      if (keyword.value !== "EXPOSE") continue;
      for (const { value, span } of ports) {
        const protocol = /\/([A-Za-z]+)$/.exec(value)?.[1];
        if (protocol && protocol !== protocol.toLowerCase())
          yield { span: { start: span.end - protocol.length, end: span.end }, data: protocol };
      }
    }
  },
  message: (protocol) => `The protocol ${protocol} should be lower case; write ${protocol.toLowerCase()}`,
  fixSafety: "safe",
  fix: ({ span, data: protocol }) => ({
    title: `Write ${protocol.toLowerCase()}`,
    changes: [{ span, text: protocol.toLowerCase() }],
  }),
});
