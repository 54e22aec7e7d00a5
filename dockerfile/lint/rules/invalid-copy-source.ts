import { defineSyntaxRule } from "../syntaxRule.ts";

export default defineSyntaxRule({
  id: "invalid-copy-source",
  kinds: ["copyFrom", "stageCycle"],
  summary: "`--from` names a stage that cannot be copied from",
  why: "Stages are built in the order of the file. One can take files from those above it and from images, but not from itself, from a later stage, or from a name that is put together from variables.",
  aliases: ["DL3022", "DL3023"],
  sources: ["https://docs.docker.com/reference/dockerfile/#copy---from"],
  examples: [
    {
      bad: `FROM alpine:3.22 AS build
COPY --from=build /a /b
            ^^^^^ A stage cannot take files from itself; remove --from, or name another stage
`,
      good: `FROM alpine:3.22 AS build
RUN cp /a /b
`,
    },
    {
      bad: `FROM alpine:3.22
COPY --from=3 /a /b
            ^ There is no stage 3: the file has one stage, which is 0
`,
      good: `FROM alpine:3.22 AS build
FROM alpine:3.22
COPY --from=build /a /b
`,
    },
  ],
});
