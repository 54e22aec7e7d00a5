import { foreignText } from "../subject/foreignText.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "not-a-dockerfile",
  group: "correctness",
  summary: "The file doesn't look like a Dockerfile",
  why: `If most lines don't begin with an instruction, the file is in another language, or a line has lost the backslash that continues it. One finding then replaces those of all lines, and no fixes are offered, as they would damage the file. The same applies to a file with NUL bytes, which is UTF-16 or not text.

A file in which only some lines are unknown keeps its findings: see [unknown-instruction](unknown-instruction.md).`,
  severity: "error",
  aliases: [],
  sources: ["https://docs.docker.com/reference/dockerfile/#format"],
  examples: [
    {
      bad: `package lint
^^^^^^^ This doesn't look like a Dockerfile: 5 of 5 instructions are unknown. If it is one, a line above lacks its backslash
import "fmt"
func Hello() {
	fmt.Println("hi")
}
`,
      good: `FROM golang:1.25
COPY . .
`,
    },
    {
      bad: `FROM debian:12
RUN apt-get update && apt-get install -y
    curl
    ^^^^ This doesn't look like a Dockerfile: 3 of 5 instructions are unknown. If it is one, a line above lacks its backslash
    git
    wget
`,
      good: `FROM debian:12
RUN apt-get update && apt-get install -y \\
    curl \\
    git \\
    wget
`,
    },
  ],
  *check({ build: { file } }) {
    const foreign = foreignText(file);
    if (foreign) yield { span: foreign.span, data: foreign };
  },
  message: (foreign) =>
    foreign.kind === "binary"
      ? "The file has NUL bytes: it is in UTF-16 or isn't text, but builders read UTF-8"
      : `This doesn't look like a Dockerfile: ${foreign.unknown} of ${foreign.instructions} instructions are unknown. If it is one, a line above lacks its backslash`,
});
