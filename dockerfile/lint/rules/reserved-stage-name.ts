import { renameStage } from "../fixes/renameStage.ts";
import { defineRule } from "../rule.ts";

const reserved: ReadonlySet<string> = new Set(["scratch", "context"]);

export default defineRule({
  id: "reserved-stage-name",
  group: "correctness",
  summary: "A stage is named `scratch` or `context`",
  why: "Both names have a special meaning: `FROM scratch` starts from nothing, and `context` is the build context. A stage of that name hides one or is hidden by it.",
  severity: "warning",
  aliases: ["ReservedStageName", "DL3063"],
  sources: ["https://docs.docker.com/reference/build-checks/reserved-stage-name/"],
  examples: [
    {
      bad: `FROM alpine:3.22 AS scratch
                    ^^^^^^^ scratch is reserved; choose another stage name
`,
      good: `FROM alpine:3.22 AS scratch-stage
`,
    },
    {
      bad: `FROM alpine:3.22 AS context
                    ^^^^^^^ context is reserved; choose another stage name
FROM context
COPY --from=context /a /a
RUN --mount=from=context,target=/mnt true
`,
      good: `FROM alpine:3.22 AS context-stage
FROM context-stage
COPY --from=context-stage /a /a
RUN --mount=from=context-stage,target=/mnt true
`,
    },
  ],
  *check({ build: { file } }) {
    for (const stage of file.stages) {
      const { name } = stage;
      if (name && reserved.has(name.value.toLowerCase())) yield { span: name.span, data: { name: name.value, stage } };
    }
  },
  message: ({ name }) => `${name} is reserved; choose another stage name`,
  fixSafety: "unsafe",
  fix: ({ data: { name, stage } }, { build }) =>
    renameStage(build, stage, (attempt) => `${name}-stage${attempt > 1 ? `-${attempt}` : ""}`),
});
