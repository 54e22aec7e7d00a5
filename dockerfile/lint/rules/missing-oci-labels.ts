import { imageLabels } from "../labels.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "missing-oci-labels",
  group: "style",
  summary: "The image lacks the labels that say what it is and where it comes from",
  why: `Registries, scanners and people who find an image read its labels: \`title\`, \`description\`, \`source\`, \`version\` and \`licenses\`, each under \`org.opencontainers.image.\`.

Off by default: they are often set at build time, by \`docker/metadata-action\` or \`docker buildx build --label\`, which the file can't show.`,
  severity: "off",
  aliases: [],
  sources: ["https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys"],
  examples: [
    {
      bad: `FROM debian:12
     ^^^^^^^^^ The image lacks the labels org.opencontainers.image.description, .source, .licenses; add a LABEL
LABEL org.opencontainers.image.title=app \\
      org.opencontainers.image.version=1.2.0
`,
      good: `FROM debian:12
LABEL org.opencontainers.image.title=app \\
      org.opencontainers.image.description="What it does" \\
      org.opencontainers.image.source=https://example.org/app \\
      org.opencontainers.image.licenses=MIT \\
      org.opencontainers.image.version=1.2.0
`,
    },
  ],
  *check(input) {
    const stage = input.build.file.stages.at(-1);
    const labels = imageLabels(input);
    if (!stage?.base || labels.some(({ key }) => key === undefined)) return;
    const present = new Set(labels.map(({ key }) => key));
    const missing = wanted.filter((name) => !present.has(`${prefix}${name}`));
    if (missing.length > 0) yield { span: stage.base.span, data: missing };
  },
  message: ([first = "", ...rest]) =>
    `The image lacks the labels ${[`${prefix}${first}`, ...rest.map((name) => `.${name}`)].join(", ")}; add a LABEL`,
});

const prefix = "org.opencontainers.image.";
const wanted: readonly string[] = ["title", "description", "source", "version", "licenses"];
