import { parseReference } from "../../../oci/core/reference.ts";
import { matchesRegistry } from "../../references/registryPattern.ts";
import { usesWith } from "../../syntax/stages.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "untrusted-registry",
  group: "security",
  summary: "An image comes from an untrusted registry",
  why: `The owner of a base image's registry decides what your image contains. \`trustedRegistries\` in \`.hadolint.yaml\` lists those that may be used; without it nothing is reported.

\`*\` alone, at the start or at the end of an entry matches anything, and an entry with a path trusts what is below it. Base images, \`COPY --from\` and the mounts of \`RUN\` are checked, with the defaults of build arguments.`,
  severity: "error",
  aliases: ["DL3026"],
  sources: ["https://github.com/hadolint/hadolint#configure"],
  examples: [
    {
      bad: `ARG REGISTRY=quay.io
FROM $REGISTRY/acme/base:1 AS build
     ^^^^^^^^^^^^^^^^^^^^^ quay.io is not a trusted registry; use one of docker.io, *.example.com
FROM debian:12
COPY --from=build /a /a
COPY --from=ghcr.io/acme/tools:2 /b /b
            ^^^^^^^^^^^^^^^^^^^^ ghcr.io is not a trusted registry; use one of docker.io, *.example.com
RUN --mount=from=mirror.example.com/tools,target=/tools true
`,
      good: `ARG REGISTRY=docker.io
FROM $REGISTRY/acme/base:1 AS build
FROM debian:12
COPY --from=build /a /a
COPY --from=registry.example.com/acme/tools:2 /b /b
FROM scratch
`,
      config: 'trustedRegistries: [docker.io, "*.example.com"]\n',
    },
  ],
  *check({ build, config: { trustedRegistries } }) {
    if (trustedRegistries.length === 0) return;
    for (const { word, source } of usesWith(build.file, build.scopes)) {
      const parsed = source.kind === "image" ? parseReference(source.reference) : undefined;
      if (!parsed?.ok) continue;
      const { value: reference } = parsed;
      if (!trustedRegistries.some((trusted) => matchesRegistry(trusted, reference)))
        yield { span: word.span, data: { registry: reference.registry, trusted: trustedRegistries } };
    }
  },
  message: ({ registry, trusted }) =>
    `${registry} is not a trusted registry; use one of ${trusted.slice(0, maxListed).join(", ")}${trusted.length > maxListed ? ", …" : ""}`,
});

const maxListed = 4;
