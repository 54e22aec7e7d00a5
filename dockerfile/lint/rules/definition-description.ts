import type { Instruction } from "../../syntax/syntax.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "definition-description",
  group: "style",
  summary: "The comment above a stage or ARG doesn't begin with its name",
  why: "`docker build --call=outline` and `--call=targets` show the comment above an `ARG` or `FROM … AS` as its description, if it begins with the name. Any other comment there is probably meant as a description. Off by default, as in BuildKit.",
  severity: "off",
  aliases: ["InvalidDefinitionDescription"],
  sources: ["https://docs.docker.com/reference/build-checks/invalid-definition-description/"],
  examples: [
    {
      bad: `# a compiler
^^^^^^^^^^^^ This comment documents build only if it begins with that name
FROM alpine:3.22 AS build
# VERSION is what is built
ARG VERSION
# say something else

ARG OTHER
`,
      good: `# build is a compiler
FROM alpine:3.22 AS build
# VERSION is what is built
ARG VERSION
# say something else

ARG OTHER
`,
    },
  ],
  *check({ build: { file } }) {
    for (const instruction of file.instructions) {
      const names = namesOf(instruction, file.stages[instruction.stageIndex]?.name?.value);
      const comment = instruction.leadingComments.at(-1);
      const [first = ""] = comment?.text.split(/\s/) ?? [];
      if (comment && names.length > 0 && !names.includes(first) && !isPragma(comment.text))
        yield { span: comment.span, data: names };
    }
  },
  message: (names) => `This comment documents ${names.join(" or ")} only if it begins with that name`,
});

function namesOf({ keyword, pairs }: Instruction, stage: string | undefined): readonly string[] {
  if (keyword.value === "ARG") return pairs.map(({ key }) => key.value);
  return keyword.value === "FROM" && stage !== undefined ? [stage] : [];
}

function isPragma(comment: string): boolean {
  return /^(?:check\s*=|hadolint\s|imagewright\s)/i.test(comment);
}
