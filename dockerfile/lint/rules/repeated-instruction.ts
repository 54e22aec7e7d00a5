import type { Instruction } from "../../syntax/syntax.ts";
import { withoutLines } from "../../edit/edits.ts";
import { defineRule } from "../rule.ts";

const lastOneCounts = ["CMD", "ENTRYPOINT", "HEALTHCHECK"] as const;

export default defineRule({
  id: "repeated-instruction",
  group: "correctness",
  summary: "A stage has more than one `CMD`, `ENTRYPOINT` or `HEALTHCHECK`",
  why: "Each sets one value of the image, and only the last in a stage has an effect. An earlier one is a leftover or a mistake.",
  severity: "warning",
  aliases: ["MultipleInstructionsDisallowed", "DL4003", "DL4004", "DL3012"],
  sources: ["https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/"],
  tags: ["unnecessary"],
  examples: [
    {
      bad: `FROM scratch
CMD ["a"]
^^^ A later CMD in this stage overrides this one; remove it
EXPOSE 80
CMD ["b"]
`,
      good: `FROM scratch
EXPOSE 80
CMD ["b"]
`,
    },
    {
      bad: `FROM scratch AS a
ENTRYPOINT ["a"]
FROM a
ENTRYPOINT ["b"]
^^^^^^^^^^ A later ENTRYPOINT in this stage overrides this one; remove it
HEALTHCHECK NONE
^^^^^^^^^^^ A later HEALTHCHECK in this stage overrides this one; remove it
ENTRYPOINT ["c"]
HEALTHCHECK CMD ["d"]
`,
      good: `FROM scratch AS a
ENTRYPOINT ["a"]
FROM a
ENTRYPOINT ["c"]
HEALTHCHECK CMD ["d"]
`,
    },
  ],
  *check({ build: { file } }) {
    const stages: (readonly Instruction[])[] = [file.globals, ...file.stages.map(({ instructions }) => instructions)];
    for (const instructions of stages) {
      for (const keyword of lastOneCounts) {
        const same = instructions.filter((instruction) => instruction.keyword.value === keyword);
        for (const instruction of same.slice(0, -1)) yield { span: instruction.keyword.span, data: instruction };
      }
    }
  },
  message: ({ keyword }) => `A later ${keyword.value} in this stage overrides this one; remove it`,
  fixSafety: "safe",
  fix: ({ data: { span, keyword } }, { build: { file } }) => ({
    title: `Remove this ${keyword.value}`,
    changes: [withoutLines(file, span)],
  }),
});
