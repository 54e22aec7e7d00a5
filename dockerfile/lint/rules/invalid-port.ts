import { defineSyntaxRule } from "../families/syntaxProblem.ts";

export default defineSyntaxRule({
  id: "invalid-port",
  group: "correctness",
  kinds: ["expose"],
  summary: "`EXPOSE` has an invalid port",
  why: "A port is a number from 0 to 65535, or two of them as a range, optionally followed by `/tcp`, `/udp` or `/sctp`. The build stops at anything else.",
  aliases: ["DL3011"],
  sources: ["https://docs.docker.com/reference/dockerfile/#expose"],
  examples: [
    {
      bad: `FROM scratch
EXPOSE 80000
       ^^^^^ "80000" is not a valid port: write a number from 0 to 65535, or a range such as 8000-8010
`,
      good: `FROM scratch
EXPOSE 8000
`,
    },
  ],
});
