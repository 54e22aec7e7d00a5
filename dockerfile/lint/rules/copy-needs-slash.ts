import { defineRule } from "../rule.ts";

export default defineRule({
  id: "copy-needs-slash",
  group: "correctness",
  summary: "Several sources are copied to a destination that doesn't end with a slash",
  why: "With more than one source, the destination must be a directory and must end with a slash.",
  severity: "error",
  aliases: ["DL3021"],
  sources: ["https://docs.docker.com/reference/dockerfile/#copy"],
  examples: [
    {
      bad: `FROM alpine:3.22
COPY package.json package-lock.json /app
                                    ^^^^ Several sources need a directory as destination; end it with /
ADD ["a", "b", "/c d"]
                ^^^^ Several sources need a directory as destination; end it with /
`,
      good: `FROM alpine:3.22
COPY package.json package-lock.json /app/
ADD ["a", "b", "/c d/"]
`,
    },
  ],
  *check({ build: { file } }) {
    for (const instruction of file.instructions) {
      const { keyword, arguments: words } = instruction.trigger ?? instruction;
      const destination = words.at(-1);
      if ((keyword.value !== "COPY" && keyword.value !== "ADD") || words.length < 3 || !destination) continue;
      // A variable's value may well end with a slash.
      const path = destination.value.replace(/["']$/, "");
      if (!/[/\\]$|^\.{1,2}$|\/\.{1,2}$|\$(?:\w+|\{[^}]*\})$/.test(path))
        yield { span: destination.span, data: destination };
    }
  },
  message: () => "Several sources need a directory as destination; end it with /",
  fixSafety: "safe",
  fix({ span, data: { value } }) {
    const end = span.end - (/["']$/.test(value) ? 1 : 0);
    return { title: "End the destination with /", changes: [{ span: { start: end, end }, text: "/" }] };
  },
});
