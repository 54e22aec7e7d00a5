import { defineSyntaxRule } from "../families/syntaxProblem.ts";

export default defineSyntaxRule({
  id: "invalid-port",
  group: "correctness",
  kinds: ["expose"],
  summary: "`EXPOSE` names no port",
  why: "A port is a number from 0 to 65535, or two of them as a range, with `/tcp`, `/udp` or `/sctp` behind it. The build stops at anything else.",
  aliases: ["DL3011"],
  sources: ["https://docs.docker.com/reference/dockerfile/#expose"],
  examples: [
    {
      bad: `FROM scratch
EXPOSE 80000
       ^^^^^ "80000" is no port: ports are numbers from 0 to 65535, or two of them with - between, the smaller first
`,
      good: `FROM scratch
EXPOSE 8000
`,
    },
  ],
});
