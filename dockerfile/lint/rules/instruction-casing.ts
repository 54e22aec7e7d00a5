import { instructionTable } from "../../syntax/instructions.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "instruction-casing",
  group: "style",
  summary: "Instruction keywords differ in casing",
  why: "Keywords may be written in any case, by convention in capitals. A file that mixes them is harder to read. All instructions should use the case of the majority, or capitals if both are equally common.",
  severity: "hint",
  aliases: ["ConsistentInstructionCasing"],
  sources: ["https://docs.docker.com/reference/build-checks/consistent-instruction-casing/"],
  examples: [
    {
      bad: `FROM scratch
Copy a /a
^^^^ Copy doesn't match the casing of the other instructions; write COPY
run x
^^^ run doesn't match the casing of the other instructions; write RUN
`,
      good: `FROM scratch
COPY a /a
RUN x
`,
    },
    {
      bad: `from scratch
copy a /a
USER 1000
^^^^ USER doesn't match the casing of the other instructions; write user
`,
      good: `from scratch
copy a /a
user 1000
`,
    },
  ],
  *check({ build: { file } }) {
    // Anything else isn't a keyword: the rest of a line whose backslash is missing, another language, a placeholder.
    const keywords = file.instructions.map(({ keyword }) => keyword).filter(({ value }) => instructionTable.has(value));
    const lower = keywords.filter(({ written }) => written === written.toLowerCase()).length;
    const upper = keywords.filter(({ written, value }) => written === value).length;
    const spell = (keyword: Instruction["keyword"]): string =>
      lower > upper ? keyword.value.toLowerCase() : keyword.value;
    for (const keyword of keywords) {
      if (keyword.written !== spell(keyword))
        yield { span: keyword.span, data: { written: keyword.written, wanted: spell(keyword) } };
    }
  },
  message: ({ written, wanted }) => `${written} doesn't match the casing of the other instructions; write ${wanted}`,
  fixSafety: "safe",
  fix: ({ span, data: { wanted } }) => ({ title: `Write ${wanted}`, changes: [{ span, text: wanted }] }),
});
