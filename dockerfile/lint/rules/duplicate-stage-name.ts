import { defineRule } from "../rule.ts";

export default defineRule({
  id: "duplicate-stage-name",
  summary: "Two stages have the same name",
  why: "Names compare in lower case. Where two stages share one, `COPY --from` and `--target` reach only one of them, and a reader cannot tell which.",
  severity: "error",
  aliases: ["DuplicateStageName", "DL3024"],
  sources: ["https://docs.docker.com/reference/build-checks/duplicate-stage-name/"],
  examples: [
    {
      bad: `FROM alpine:3.22 AS build
FROM debian:12 AS Build
                  ^^^^^ An earlier stage is named build already: choose another name
`,
      good: `FROM alpine:3.22 AS build
FROM debian:12 AS build-debian
`,
    },
  ],
  *check({ file }) {
    const names = new Set<string>();
    for (const { name } of file.stages) {
      if (!name) continue;
      const lower = name.value.toLowerCase();
      if (names.has(lower)) yield { span: name.span, data: lower };
      names.add(lower);
    }
  },
  message: (name) => `An earlier stage is named ${name} already: choose another name`,
});
