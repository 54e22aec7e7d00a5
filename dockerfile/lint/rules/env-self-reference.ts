import { variableReferences } from "../../syntax/expand/expand.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "env-self-reference",
  group: "correctness",
  summary: "An `ENV` uses a name that the same `ENV` sets",
  why: "All values of one `ENV` are worked out with what was set before it. A name that it sets itself still has its old value there, or none.",
  severity: "error",
  aliases: ["DL3044"],
  sources: ["https://docs.docker.com/reference/dockerfile/#environment-replacement"],
  examples: [
    {
      bad: `FROM scratch
ENV ROOT=/opt BIN=$ROOT/bin
                   ^^^^ ROOT has its new value only after this ENV: set BIN in an ENV of its own
ENV PATH=$PATH:/x
`,
      good: `FROM scratch
ENV ROOT=/opt
ENV BIN=$ROOT/bin
ENV PATH=$PATH:/x
`,
    },
  ],
  *check({ build }) {
    for (const instruction of build.file.instructions) {
      if (instruction.keyword.value !== "ENV" || instruction.pairs.length < 2) continue;
      const names = new Set(instruction.pairs.map(({ key }) => key.value));
      for (const { key, value } of instruction.pairs) {
        const references = value ? variableReferences(value.logical, build.file.escape) : [];
        // `A=$A:x` means the old value, and so does a name that has one already.
        const wrong = references.find(
          ({ name }) => name !== key.value && names.has(name) && !build.scopes.variable(instruction, name),
        );
        if (wrong)
          yield { span: wrong.nameSpan, data: { name: wrong.name, key: key.value, instruction, keySpan: key.span } };
      }
    }
  },
  message: ({ name, key }) => `${name} has its new value only after this ENV: set ${key} in an ENV of its own`,
  fixSafety: "unsafe",
  fix({ data: { instruction, keySpan } }, { build: { file } }) {
    const before = /[\s\\`]+$/.exec(file.text.slice(instruction.span.start, keySpan.start))?.[0] ?? "";
    const isLast = instruction.pairs.at(-1)?.key.span.start === keySpan.start;
    return isLast
      ? {
          title: "Set it in an ENV of its own",
          changes: [
            {
              span: { start: keySpan.start - before.length, end: keySpan.start },
              text: `${file.text.includes("\r\n") ? "\r\n" : "\n"}${instruction.keyword.written} `,
            },
          ],
        }
      : undefined;
  },
});
