import { defineRule } from "../rule.ts";

export default defineRule({
  id: "maintainer-deprecated",
  group: "style",
  summary: "`MAINTAINER` is deprecated; use a label",
  why: `\`MAINTAINER\` sets a field of the image that Docker deprecated in 2017 and that few tools read. The label \`org.opencontainers.image.authors\` is the standard place, and can be overridden and inspected like any other.`,
  severity: "warning",
  aliases: ["MaintainerDeprecated", "DL4000"],
  sources: [
    "https://docs.docker.com/reference/build-checks/maintainer-deprecated/",
    "https://github.com/opencontainers/image-spec/blob/main/annotations.md",
  ],
  tags: ["deprecated"],
  examples: [
    {
      bad: `FROM scratch
MAINTAINER Ada Lovelace <ada@example.org>
^^^^^^^^^^ MAINTAINER is deprecated; use the label org.opencontainers.image.authors
`,
      good: `FROM scratch
LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.org>"
`,
    },
    {
      bad: `FROM scratch
maintainer "Ada"
^^^^^^^^^^ MAINTAINER is deprecated; use the label org.opencontainers.image.authors
`,
      good: `FROM scratch
label org.opencontainers.image.authors="Ada"
`,
    },
  ],
  *check({ build: { file } }) {
    for (const instruction of file.instructions) {
      if (instruction.keyword.value === "MAINTAINER") yield { span: instruction.keyword.span, data: instruction };
    }
  },
  message: () => "MAINTAINER is deprecated; use the label org.opencontainers.image.authors",
  fixSafety: "safe",
  fix({ data: { keyword, rest, span } }, { build: { file } }) {
    const name = rest.text.trim().replace(/^"(.*)"$/, "$1");
    if (name === "") return undefined;
    // LABEL expands variables and removes escapes; MAINTAINER does neither.
    const quoted = `"${[...name].map((character) => (character === '"' || character === "$" || character === file.escape ? file.escape + character : character)).join("")}"`;
    const label = keyword.written === keyword.value.toLowerCase() ? "label" : "LABEL";
    return {
      title: "Replace with a label",
      changes: [{ span, text: `${label} ${authors}=${quoted}` }],
      // One of the two would be lost.
      ...(file.instructions.some(({ pairs }) => pairs.some(({ key }) => key.value.includes(authors))) && {
        safety: "unsafe" as const,
      }),
    };
  },
});

const authors = "org.opencontainers.image.authors";
