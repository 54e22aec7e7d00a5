import { variableReferences } from "../../syntax/expand/expand.ts";
import { predefinedArgs } from "../../syntax/expand/predefinedArgs.ts";
import { createSuggester } from "../../syntax/nearestName.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "undefined-arg-in-from",
  group: "correctness",
  summary: "`FROM` uses an `ARG` that isn't declared before the first `FROM`",
  why: "`FROM` sees only the build arguments declared above the first `FROM`, and the platform ones. Any other name is empty, so the image's name is wrong or the build fails.",
  severity: "warning",
  aliases: ["UndefinedArgInFrom"],
  sources: ["https://docs.docker.com/reference/build-checks/undefined-arg-in-from/"],
  examples: [
    {
      bad: `ARG VERSION=3.22
FROM alpine:\${VERSON}
              ^^^^^^ No ARG named VERSON is declared before the first FROM; did you mean VERSION?
`,
      good: `ARG VERSION=3.22
FROM alpine:\${VERSION}
`,
    },
    {
      bad: `FROM --platform=$BULDPLATFORM alpine:3.22 AS build
                 ^^^^^^^^^^^^ No ARG named BULDPLATFORM is declared before the first FROM; did you mean BUILDPLATFORM?
`,
      good: `FROM --platform=$BUILDPLATFORM alpine:3.22 AS build
`,
    },
  ],
  *check({ build }) {
    const { file, scopes } = build;
    const declared = [
      ...file.globals.flatMap(({ pairs }) => pairs.map(({ key }) => key.value)),
      ...[...predefinedArgs.values()].filter(({ kind }) => kind === "platform").map(({ name }) => name),
    ];
    const suggest = createSuggester();
    for (const { base, platform } of file.stages) {
      const references = [platform, base].flatMap((word) =>
        word ? variableReferences(word.logical, file.escape) : [],
      );
      for (const { name, nameSpan, modifier } of references) {
        if (!scopes.globalVariable(name) && !hasFallback(modifier))
          yield { span: nameSpan, data: { name, meant: suggest(name, () => declared) } };
      }
    }
  },
  message: ({ name, meant }) =>
    `No ARG named ${name} is declared before the first FROM; ${meant ? `did you mean ${meant}?` : `declare it with ARG ${name}`}`,
  fixSafety: "unsafe",
  fix: ({ span, data: { meant } }) => (meant ? { title: `Use ${meant}`, changes: [{ span, text: meant }] } : undefined),
});

/** True for `${A:-b}` and the like, which are meant for an unset name. */
function hasFallback(modifier: string): boolean {
  return /^:?[-+?]/.test(modifier);
}
