import { withoutFlag } from "../../edit/edits.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "constant-platform",
  group: "correctness",
  summary: "`FROM --platform` fixes the platform",
  why: `With a constant, the stage has that platform whatever the build's target, so a build for another platform gets the wrong files or runs emulated. Use \`$BUILDPLATFORM\` for a stage that cross-compiles; for others, leave the platform to the \`--platform\` of the build.

A stage whose name contains the operating system or architecture, such as \`build-arm64\`, is not reported.`,
  severity: "info",
  aliases: ["FromPlatformFlagConstDisallowed", "DL3029"],
  sources: ["https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/"],
  examples: [
    {
      bad: `FROM --platform=linux/amd64 alpine:3.22
                ^^^^^^^^^^^ This stage is always linux/amd64, whatever the build's platform; leave the platform to the build
`,
      good: `FROM alpine:3.22
`,
    },
    {
      bad: `FROM --platform=linux/arm64 alpine:3.22 AS base
                ^^^^^^^^^^^ This stage is always linux/arm64, whatever the build's platform; leave the platform to the build
FROM --platform=linux/amd64 alpine:3.22 AS base-amd64
FROM --platform=$BUILDPLATFORM golang:1.25
`,
      good: `FROM alpine:3.22 AS base
FROM --platform=linux/amd64 alpine:3.22 AS base-amd64
FROM --platform=$BUILDPLATFORM golang:1.25
`,
    },
  ],
  *check({ build: { file } }) {
    for (const { from, name } of file.stages) {
      for (const flag of from.flags) {
        const platform = flag.name === "platform" ? flag.value : undefined;
        if (platform && isConstant(platform.value) && !tellsPlatform(name?.value, platform.value))
          yield { span: platform.span, data: { flag, platform: platform.value } };
      }
    }
  },
  message: ({ platform }) =>
    `This stage is always ${platform}, whatever the build's platform; leave the platform to the build`,
  fixSafety: "unsafe",
  fix: ({ data: { flag } }, { build: { file } }) => ({ title: "Remove the flag", changes: [withoutFlag(file, flag)] }),
});

function isConstant(platform: string): boolean {
  return platform !== "" && !platform.includes("$");
}

/** True if a name such as `build-arm64` states the platform, here linux/arm64. */
function tellsPlatform(stage: string | undefined, platform: string): boolean {
  const [os, arch] = platform.toLowerCase().split("/");
  const name = stage?.toLowerCase() ?? "";
  return [os, arch].some((part) => part && name.includes(part));
}
