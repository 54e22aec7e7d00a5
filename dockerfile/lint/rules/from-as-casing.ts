import type { Instruction, Word } from "../../syntax/syntax.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "from-as-casing",
  group: "style",
  summary: "`FROM` and `AS` differ in casing",
  why: "`FROM … as …` mixes upper and lower case keywords in one line. Both work; one style is easier to read.",
  severity: "hint",
  aliases: ["FromAsCasing"],
  sources: ["https://docs.docker.com/reference/build-checks/from-as-casing/"],
  examples: [
    {
      bad: `FROM alpine:3.22 as build
                 ^^ as doesn't match the casing of FROM
`,
      good: `FROM alpine:3.22 AS build
`,
    },
    {
      bad: `from alpine:3.22 As build
                 ^^ As doesn't match the casing of from
`,
      good: `from alpine:3.22 as build
`,
    },
  ],
  *check({ build: { file } }) {
    for (const { from } of file.stages) {
      const as = asWord(from);
      const wanted = from.keyword.written === "from" ? "as" : "AS";
      if (as && as.value !== wanted && isOneCase(from.keyword.written))
        yield { span: as.span, data: { as: as.value, from: from.keyword.written, wanted } };
    }
  },
  message: ({ as, from }) => `${as} doesn't match the casing of ${from}`,
  fixSafety: "safe",
  fix: ({ span, data: { wanted } }) => ({ title: `Write ${wanted}`, changes: [{ span, text: wanted }] }),
});

function asWord({ arguments: [, as] }: Instruction): Word | undefined {
  return as?.value.toLowerCase() === "as" ? as : undefined;
}

/** True for one case throughout. instruction-casing reports a keyword in mixed case. */
function isOneCase(written: string): boolean {
  return written === written.toLowerCase() || written === written.toUpperCase();
}
