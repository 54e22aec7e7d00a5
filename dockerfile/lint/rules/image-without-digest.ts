import { parseReference } from "../../../oci/core/reference.ts";
import { usesWith } from "../../syntax/stages.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "image-without-digest",
  group: "reproducibility",
  summary: "An image is named without its digest",
  why: `Every tag can be moved, \`debian:12.11\` too. With a digest a build gets the same image for ever, or fails.

Off unless enabled: a digest needs somebody, or a bot, to renew it, else security fixes never arrive. Bases, \`COPY --from\` and the mounts of \`RUN\` are looked at.`,
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
     ^^^^^^^^^ debian:12 can be another image tomorrow: pin its digest
FROM build
COPY --from=busybox:1.37 /bin/busybox /bin/
            ^^^^^^^^^^^^ busybox:1.37 can be another image tomorrow: pin its digest
`,
      good: `FROM debian:12@sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d AS build
FROM build
FROM scratch
COPY --from=build / /
`,
    },
  ],
  *check({ build }) {
    for (const { word, source, instruction } of usesWith(build.file, build.scopes)) {
      const parsed = source.kind === "image" ? parseReference(source.reference) : undefined;
      // A trigger of another stage is reported where it stands, once.
      const isOwn = instruction.keyword.value !== "ONBUILD";
      if (isOwn && parsed?.ok && parsed.value.digest === undefined) yield { span: word.span, data: word.value };
    }
  },
  message: (image) => `${image} can be another image tomorrow: pin its digest`,
});
