import { renameStage } from "../fixes/renameStage.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "duplicate-stage-name",
  group: "correctness",
  summary: "Two stages have the same name",
  why: "Stage names are compared in lower case. If two stages share a name, `COPY --from` and `--target` reach only one of them, and a reader doesn't know which.",
  severity: "error",
  aliases: ["DuplicateStageName", "DL3024"],
  sources: ["https://docs.docker.com/reference/build-checks/duplicate-stage-name/"],
  examples: [
    {
      bad: `FROM alpine:3.22 AS build
FROM debian:12 AS Build
                  ^^^^^ Another stage is already named build; choose another name
`,
      good: `FROM alpine:3.22 AS build
FROM debian:12 AS Build-2
`,
    },
    {
      bad: `FROM alpine:3.22 AS build
FROM build AS test
COPY --from=build /a /a
FROM debian:12 AS build
                  ^^^^^ Another stage is already named build; choose another name
FROM build
COPY --from=build /b /b
RUN --mount=from=build,target=/mnt true
COPY --from=test /a /a
`,
      good: `FROM alpine:3.22 AS build
FROM build AS test
COPY --from=build /a /a
FROM debian:12 AS build-2
FROM build-2
COPY --from=build-2 /b /b
RUN --mount=from=build-2,target=/mnt true
COPY --from=test /a /a
`,
    },
  ],
  *check({ build: { file } }) {
    const names = new Set<string>();
    for (const stage of file.stages) {
      const { name } = stage;
      if (!name) continue;
      const lower = name.value.toLowerCase();
      if (names.has(lower)) yield { span: name.span, data: { lower, stage } };
      names.add(lower);
    }
  },
  message: ({ lower }) => `Another stage is already named ${lower}; choose another name`,
  fixSafety: "unsafe",
  fix: ({ data: { stage } }, { build }) =>
    renameStage(build, stage, (attempt) => `${stage.name?.value ?? ""}-${attempt + 1}`),
});
