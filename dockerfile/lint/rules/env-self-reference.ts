import { variableReferences, type VariableReference } from "../../syntax/expand/expand.ts";
import type { KeyValue } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import { defineRule, endBeforeBlanks } from "../rule.ts";

export default defineRule({
  id: "env-self-reference",
  group: "correctness",
  summary: "An `ENV` uses a name that the same `ENV` sets",
  why: "All values of one `ENV` are expanded with what was set before it. A name that it sets itself still has its old value there, or none.",
  severity: "warning",
  aliases: ["DL3044"],
  sources: ["https://docs.docker.com/reference/dockerfile/#environment-replacement"],
  examples: [
    {
      bad: `FROM scratch
ENV PATH=$PATH:/opt/tools PATH=/opt/bin:$PATH
                                         ^^^^ PATH is set twice in this ENV and one value is lost; use a separate ENV for each
`,
      good: `FROM scratch
ENV PATH=$PATH:/opt/tools
ENV PATH=/opt/bin:$PATH
`,
    },
    {
      bad: `FROM scratch
ENV ROOT=/opt BIN=$ROOT/bin
                   ^^^^ ROOT gets its new value only after this ENV; set BIN in a separate ENV
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
      const pairs = instruction.pairs.map((pair) => ({ ...pair, references: referencesIn(build, pair) }));
      const names = new Set(pairs.map(({ key }) => key.value));
      const repeated = new Set(repeatedPairs(pairs));
      for (const pair of pairs) {
        const { key, references } = pair;
        // `A=$A:x` means the old value, as does a name that already has a value.
        const wrong = references.find(({ name, modifier }) =>
          name === key.value
            ? repeated.has(pair)
            : names.has(name) && !/^:?[-+?]/.test(modifier) && !build.scopes.variable(instruction, name),
        );
        if (wrong)
          yield { span: wrong.nameSpan, data: { name: wrong.name, key: key.value, instruction, keySpan: key.span } };
      }
    }
  },
  message: ({ name, key }) =>
    name === key
      ? `${name} is set twice in this ENV and one value is lost; use a separate ENV for each`
      : `${name} gets its new value only after this ENV; set ${key} in a separate ENV`,
  fixSafety: "unsafe",
  fix({ data: { instruction, keySpan } }, { build: { file } }) {
    if (instruction.pairs.at(-1)?.key.span.start !== keySpan.start) return undefined;
    const end = keySpan.start;
    const start = endBeforeBlanks(file.text, instruction.span.start, end);
    const newline = file.text.includes("\r\n") ? "\r\n" : "\n";
    return {
      title: "Set it in a separate ENV",
      changes: [{ span: { start, end }, text: `${newline}${instruction.keyword.written} ` }],
    };
  },
});

type PairWithReferences = KeyValue & { readonly references: readonly VariableReference[] };

function referencesIn({ file }: Build, { value }: KeyValue): readonly VariableReference[] {
  return value ? variableReferences(value.logical, file.escape) : [];
}

/** For each name that is set more than once, the last pair that extends its old value. */
function repeatedPairs(pairs: readonly PairWithReferences[]): readonly PairWithReferences[] {
  const counts = new Map<string, number>();
  for (const { key } of pairs) counts.set(key.value, (counts.get(key.value) ?? 0) + 1);
  const adding = pairs.filter(({ key, references }) => references.some(({ name }) => name === key.value));
  const last = new Map(adding.map((pair) => [pair.key.value, pair]));
  return [...last].flatMap(([name, pair]) => ((counts.get(name) ?? 0) > 1 ? [pair] : []));
}
