import type { Dockerfile, Span } from "../../syntax/syntax.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "empty-continuation",
  group: "correctness",
  summary: "An empty line splits an instruction",
  why: "Blank lines between continued lines are skipped today, with a deprecation warning, and will end the instruction in a future version. They also hide that the lines below still belong to it. Comment lines are fine.",
  severity: "warning",
  aliases: ["NoEmptyContinuation"],
  sources: ["https://docs.docker.com/reference/build-checks/no-empty-continuation/"],
  examples: [
    {
      bad: `FROM scratch
RUN a && \\
^^^ There is an empty line inside this instruction; remove it

    # why
    b
`,
      good: `FROM scratch
RUN a && \\
    # why
    b
`,
    },
  ],
  *check({ build: { file } }) {
    for (const { keyword, headSpan } of file.instructions) {
      const lines = emptyLines(file, headSpan);
      if (lines.length > 0) yield { span: keyword.span, data: lines };
    }
  },
  message: (lines) =>
    lines.length === 1
      ? "There is an empty line inside this instruction; remove it"
      : `${lines.length} empty lines split this instruction; remove them`,
  fixSafety: "safe",
  fix: ({ data: lines }) => ({
    title: lines.length === 1 ? "Remove the empty line" : "Remove the empty lines",
    changes: lines.map((span) => ({ span, text: "" })),
  }),
});

/** The empty lines with their newlines. A head's last line is never empty. */
function emptyLines({ text }: Dockerfile, { start, end }: Span): readonly Span[] {
  const found: Span[] = [];
  for (let newline = text.indexOf("\n", start); newline >= 0 && newline < end;) {
    const next = text.indexOf("\n", newline + 1);
    if (next < 0 || next >= end) break;
    if (text.slice(newline + 1, next).trim() === "") found.push({ start: newline + 1, end: next + 1 });
    newline = next;
  }
  return found;
}
