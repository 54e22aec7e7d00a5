import { matchesRegistry } from "../../references/registryPattern.ts";
import { findReferences } from "../../references/findReferences.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "image-without-digest",
  group: "reproducibility",
  summary: "An image reference has no digest",
  why: `A tag can be moved, even \`debian:12.11\`. With a digest a build gets the same image every time, or fails.

Base images, \`COPY --from\`, the mounts of \`RUN\`, all of these after \`ONBUILD\`, and \`# syntax\` are checked: exactly what \`imagewright pin\` would pin. A reference that no edit can pin, such as \`alpine:\${A}.\${B}\`, is not reported; \`imagewright pin --check\` lists it with the reason. \`unpinnedRegistries\` in \`.hadolint.yaml\` lists registries to leave alone, written as in \`trustedRegistries\`.

Off by default: someone, or a bot, has to update the digests, otherwise security fixes never arrive.`,
  severity: "off",
  aliases: [],
  sources: [
    "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    "https://reproducible-builds.org/docs/",
  ],
  fixedBy: "pin",
  examples: [
    {
      bad: `FROM debian:12 AS build
     ^^^^^^^^^ debian:12 can change between builds; pin its digest
FROM build
COPY --from=busybox:1.37 /bin/busybox /bin/
            ^^^^^^^^^^^^ busybox:1.37 can change between builds; pin its digest
`,
      good: `FROM debian:12@sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d AS build
FROM build
FROM scratch
COPY --from=build / /
`,
    },
    {
      bad: `# syntax=docker/dockerfile:1
         ^^^^^^^^^^^^^^^^^^^ docker/dockerfile:1 can change between builds; pin its digest
ARG VERSION
FROM debian:\${VERSION:-12}
     ^^^^^^^^^^^^^^^^^^^^^ debian:\${VERSION:-12} can change between builds; pin its digest
ONBUILD COPY --from=busybox:1.37 /bin/busybox /bin/
                    ^^^^^^^^^^^^ busybox:1.37 can change between builds; pin its digest
`,
      good: `ARG VERSION
FROM registry.example.com/team/base:1
FROM debian:\${VERSION:-12@sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d}
`,
      config: 'unpinnedRegistries: ["*.example.com"]\n',
    },
  ],
  *check({ build, config: { unpinnedRegistries } }) {
    for (const { reference, target, span, written } of findReferences(build.file)) {
      if (!reference || reference.digest !== undefined || target.kind === "none") continue;
      if (!unpinnedRegistries.some((entry) => matchesRegistry(entry, reference))) yield { span, data: written };
    }
  },
  message: (image) => `${image} can change between builds; pin its digest`,
});
