import type { Instruction } from "../../syntax/syntax.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "legacy-key-value",
  group: "style",
  summary: "`ENV key value` is the legacy form of `ENV key=value`",
  why: "The form without `=` takes the rest of the line as one value, so a second `key=value` becomes part of the first. It exists only for old files.",
  severity: "info",
  aliases: ["LegacyKeyValueFormat"],
  sources: ["https://docs.docker.com/reference/build-checks/legacy-key-value-format/"],
  tags: ["deprecated"],
  examples: [
    {
      bad: `FROM scratch
ENV DIR /opt/app
    ^^^ The form without = is deprecated; write DIR=…
LABEL description What it does
      ^^^^^^^^^^^ The form without = is deprecated; write description=…
`,
      good: `FROM scratch
ENV DIR=/opt/app
LABEL description="What it does"
`,
    },
  ],
  *check({ build: { file } }) {
    for (const outer of file.instructions) {
      const instruction = outer.trigger ?? outer;
      const [pair] = instruction.pairs;
      if (pair?.isLegacy && hasPairs(instruction)) yield { span: pair.key.span, data: pair };
    }
  },
  message: ({ key }) => `The form without = is deprecated; write ${key.value}=…`,
  fixSafety: "safe",
  fix({ data: { key, value } }, { build: { file } }) {
    const quoted = value && quotedValue(value.value, file.escape);
    return quoted === undefined || !value
      ? undefined
      : {
          title: `Write ${key.value}=…`,
          changes: [{ span: { start: key.span.start, end: value.span.end }, text: `${key.value}=${quoted}` }],
        };
  },
});

function hasPairs({ keyword }: Instruction): boolean {
  return keyword.value === "ENV" || keyword.value === "LABEL";
}

/** The same value as one word; undefined if quotes and blanks are mixed in a way that needs a person's judgement. */
function quotedValue(value: string, escape: string): string | undefined {
  if (!/\s/.test(value)) return value;
  if (/^"[^"]*"$/.test(value) || /^'[^']*'$/.test(value)) return value;
  return /["']/.test(value) || value.includes(escape) ? undefined : `"${value}"`;
}
