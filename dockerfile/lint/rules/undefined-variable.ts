import { variableReferences, type VariableReference } from "../../syntax/expand/expand.ts";
import type { Dockerfile, Instruction } from "../../syntax/syntax.ts";
import type { Scopes } from "../../syntax/expand/variables.ts";
import { createSuggester } from "../../syntax/nearestName.ts";
import { textsWithVariables } from "../../semantics/expandedTexts.ts";
import { isSetByKnownBase } from "../../semantics/knownBaseVariables.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "undefined-variable",
  group: "correctness",
  summary: "A variable is used but never set",
  why: `A variable that isn't set is silently replaced by nothing: \`COPY $SRC /app\` copies everything.

The variables of the base image are known if it is \`scratch\` or if the local engine has it. Those that Docker Official Images set, such as \`GOPATH\` in \`golang\`, are known too. Otherwise only a name that looks like a typo of one that this file sets is reported. \`RUN\`, \`CMD\` and \`ENTRYPOINT\` are left to the shell, and \`\${NAME:-default}\` expects that the variable may be missing. For a name that is only set before the first \`FROM\`, see [arg-out-of-scope](arg-out-of-scope.md).`,
  severity: "warning",
  aliases: ["UndefinedVar"],
  sources: ["https://docs.docker.com/reference/build-checks/undefined-var/"],
  examples: [
    {
      bad: `FROM scratch
ARG SOURCE=src
COPY $SORUCE /app
      ^^^^^^ Nothing sets SORUCE; did you mean SOURCE?
`,
      good: `FROM scratch
ARG SOURCE=src
COPY $SOURCE /app
`,
    },
    {
      bad: `FROM alpine:3.22
ENV APP_HOME=/srv/app
WORKDIR $APP_HOMR
         ^^^^^^^^ Nothing sets APP_HOMR; did you mean APP_HOME?
COPY a $SET_BY_BASE
`,
      good: `FROM alpine:3.22
ENV APP_HOME=/srv/app
WORKDIR $APP_HOME
COPY a $SET_BY_BASE
`,
    },
    {
      bad: `FROM alpine:3.22
WORKDIR $PLACE
         ^^^^^ Nothing sets PLACE, so it is empty here
COPY a $SET_BY_BASE
`,
      good: `FROM alpine:3.22
WORKDIR /srv
COPY a $SET_BY_BASE
`,
      facts: [
        [
          { kind: "baseImage", reference: "alpine:3.22" },
          { bytes: 8_000_000, id: "sha256:00", user: "", env: ["SET_BY_BASE=/x"], workingDir: "" },
        ],
      ],
    },
  ],
  *check(input) {
    const { file } = input.build;
    const scopes = input.build.scopesWithBases();
    const suggest = createSuggester();
    for (const instruction of file.stages.flatMap(({ instructions }) => instructions)) {
      for (const { name, nameSpan } of missingIn(file, instruction, scopes)) {
        if (isSetByKnownBase(input.build, file.stages[instruction.stageIndex], name)) continue;
        // The PATH that every image has can't be what was meant, least of all for `$GOPATH` of an unknown image.
        const isComplete = scopes.isComplete(instruction);
        const candidates = () =>
          scopes.variables(instruction).flatMap((it) => (it.origin !== "baseImage" || isComplete ? it.name : []));
        const meant = suggest(name, candidates);
        if (meant !== undefined || isComplete) yield { span: nameSpan, data: { name, meant } };
      }
    }
  },
  message: ({ name, meant }) => `Nothing sets ${name}${meant ? `; did you mean ${meant}?` : ", so it is empty here"}`,
  fixSafety: "unsafe",
  fix: ({ span, data: { meant } }) => (meant ? { title: `Use ${meant}`, changes: [{ span, text: meant }] } : undefined),
});

function missingIn(file: Dockerfile, instruction: Instruction, scopes: Scopes): readonly VariableReference[] {
  const references = textsWithVariables(file, instruction).flatMap((text) => variableReferences(text, file.escape));
  // BuildKit gives every stage a PATH. arg-out-of-scope reports names that are set before the first FROM.
  return references.filter(
    ({ name, modifier }) =>
      name !== "PATH" &&
      !/^:?[-+?]/.test(modifier) &&
      !scopes.variable(instruction, name) &&
      !scopes.globalVariable(name),
  );
}
