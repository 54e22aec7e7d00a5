import { formatPlatform, parsePlatform, runsOn, type Platform } from "../../../oci/core/platform.ts";
import { expandWith } from "../../syntax/expand/expand.ts";
import type { BaseImage } from "../../semantics/baseImages.ts";
import { defineRule, type LintInput } from "../rule.ts";

export default defineRule({
  id: "base-platform-mismatch",
  group: "correctness",
  summary: "The base image isn't available for the stage's platform",
  why: `If an image exists for one platform only, the builder uses it for any platform, with a warning. The result fails with \`exec format error\`, or runs under emulation.

Reported only if the local engine has the image and knows that its name refers to this single image, not to an index of several platforms.`,
  severity: "warning",
  aliases: ["InvalidBaseImagePlatform"],
  sources: [
    "https://docs.docker.com/reference/dockerfile/#from",
    "https://github.com/moby/buildkit/blob/master/frontend/dockerfile/linter/ruleset.go",
  ],
  examples: [
    {
      bad: `FROM --platform=linux/arm64 acme/tools:1
                            ^^^^^^^^^^^^ acme/tools:1 is linux/amd64 only, but this stage needs linux/arm64; use another image, or build for linux/amd64
`,
      good: `FROM --platform=linux/amd64 acme/tools:1
FROM acme/tools:1
`,
      facts: [
        [
          { kind: "baseImage", reference: "acme/tools:1" },
          {
            bytes: 1,
            id: "sha256:00",
            user: "",
            env: [],
            workingDir: "",
            platform: "linux/amd64",
            isSinglePlatform: true,
          },
        ],
      ],
    },
  ],
  *check(input) {
    for (const base of input.build.baseImages()) {
      const wanted = wantedPlatform(input, base);
      const fact = wanted && input.build.baseImageFact(base.stage);
      const present = fact?.isSinglePlatform ? parsePlatform(fact.platform ?? "") : undefined;
      if (wanted && present && !runsOn(wanted, present))
        yield {
          span: base.word.span,
          data: { image: base.text, present: formatPlatform(present), wanted: formatPlatform(wanted) },
        };
    }
  },
  message: ({ image, present, wanted }) =>
    `${image} is ${present} only, but this stage needs ${wanted}; use another image, or build for ${present}`,
});

/** The platform that FROM specifies. Without a flag, the platform of a build is the caller's choice. */
function wantedPlatform({ build }: LintInput, { stage }: BaseImage): Platform | undefined {
  const expanded = stage.platform && expandWith(stage.platform.logical, build.file.escape, build.scopes.globalLookup);
  return expanded && expanded.unknownNames.length === 0 ? parsePlatform(expanded.value) : undefined;
}
