import { withoutFlag } from "../../edit/edits.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "redundant-target-platform",
  group: "style",
  summary: "`--platform=$TARGETPLATFORM` is the default",
  why: "A stage without `--platform` is built for the target platform. Repeating it adds noise and makes the stage look special.",
  severity: "warning",
  aliases: ["RedundantTargetPlatform", "DL3065"],
  sources: ["https://docs.docker.com/reference/build-checks/redundant-target-platform/"],
  tags: ["unnecessary"],
  examples: [
    {
      bad: `FROM --platform=$TARGETPLATFORM alpine:3.22
     ^^^^^^^^^^^^^^^^^^^^^^^^^^ The target platform is the default; remove the flag
`,
      good: `FROM alpine:3.22
`,
    },
    {
      bad: `FROM --platform=\${TARGETPLATFORM} alpine:3.22 AS build
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The target platform is the default; remove the flag
`,
      good: `FROM alpine:3.22 AS build
`,
    },
  ],
  *check({ build: { file } }) {
    for (const { from } of file.stages) {
      const flag = from.flags.find(
        ({ name, value }) =>
          name === "platform" && /^"?\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})"?$/.test(value?.value ?? ""),
      );
      if (flag) yield { span: flag.span, data: flag };
    }
  },
  message: () => "The target platform is the default; remove the flag",
  fixSafety: "safe",
  fix: ({ data: flag }, { build: { file } }) => ({
    title: "Remove the flag",
    changes: [withoutFlag(file, flag)],
    // An ARG with this name above the first FROM can change the platform.
    ...(file.globals.some(({ pairs }) => pairs.some(({ key }) => key.value === "TARGETPLATFORM")) && {
      safety: "unsafe" as const,
    }),
  }),
});
