import { variableReferences } from "../../syntax/expand/expand.ts";
import type { ShellCommand, ShellWord } from "../../shell/shell.ts";
import type { Dockerfile, Instruction, Span, Stage } from "../../syntax/syntax.ts";
import type { Scopes } from "../../syntax/expand/variables.ts";
import { newlineOf } from "../../edit/edits.ts";
import { textsWithVariables } from "../../semantics/expandedTexts.ts";
import { isSetByKnownBase } from "../../semantics/knownBaseVariables.ts";
import type { InstructionScript } from "../../semantics/runCommands.ts";
import { namesSetIn, readsFile } from "../../semantics/scriptVariables.ts";
import { defineRule, type LintInput } from "../rule.ts";

export default defineRule({
  id: "arg-out-of-scope",
  group: "correctness",
  summary: "A stage uses an argument that is only declared before the first `FROM`",
  why: `An \`ARG\` before the first \`FROM\`, and the platform arguments such as \`TARGETARCH\`, are visible to \`FROM\` lines only. In a stage the name is empty until the stage declares \`ARG NAME\`; then it has the value from above.

In \`RUN\`, the words of commands are checked, unless the script sets the name itself. Not reported if the base image is known to set it, as \`python\` sets \`PYTHON_VERSION\`. Only the first use in a stage is reported.`,
  severity: "warning",
  aliases: ["UndefinedVar"],
  sources: [
    "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
    "https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope",
  ],
  examples: [
    {
      bad: `ARG VERSION=1.2
FROM alpine:3.22
COPY app-\${VERSION}.tar /
           ^^^^^^^ VERSION is empty here because stages don't see it; declare it with ARG VERSION
RUN echo "$VERSION"
`,
      good: `ARG VERSION=1.2
FROM alpine:3.22
ARG VERSION
COPY app-\${VERSION}.tar /
RUN echo "$VERSION"
`,
    },
    {
      bad: `FROM --platform=$BUILDPLATFORM golang:1.25 AS build
RUN GOARCH=$TARGETARCH go build ./...
            ^^^^^^^^^^ TARGETARCH is empty here because stages don't see it; declare it with ARG TARGETARCH
`,
      good: `FROM --platform=$BUILDPLATFORM golang:1.25 AS build
ARG TARGETARCH
RUN GOARCH=$TARGETARCH go build ./...
`,
    },
    {
      bad: `ARG PYTHON_VERSION=3.13
ARG USER_NAME=app
FROM python:\${PYTHON_VERSION}
RUN echo "$PYTHON_VERSION" && useradd "\${USER_NAME}"
                                         ^^^^^^^^^ USER_NAME is empty here because stages don't see it; declare it with ARG USER_NAME
`,
      good: `ARG PYTHON_VERSION=3.13
ARG USER_NAME=app
FROM python:\${PYTHON_VERSION}
ARG USER_NAME
RUN echo "$PYTHON_VERSION" && useradd "\${USER_NAME}"
`,
    },
  ],
  *check(input) {
    const scopes = input.build.scopesWithBases();
    const scripts = new Map(input.build.scripts().map((it) => [it.instruction.index, it]));
    for (const stage of input.build.file.stages) {
      for (const [name, span] of lostIn(input, stage, { scopes, scripts })) yield { span, data: { name, stage } };
    }
  },
  message: ({ name }) => `${name} is empty here because stages don't see it; declare it with ARG ${name}`,
  fixSafety: "unsafe",
  fix({ data: { name, stage } }, { build: { file } }) {
    const { start: from, end } = stage.from.span;
    const newline = newlineOf(file);
    // A file without FROM is read as one stage.
    const hasFrom = end > from;
    return {
      title: `Declare ${name} in this stage`,
      changes: [{ span: { start: end, end }, text: hasFrom ? `${newline}ARG ${name}` : `ARG ${name}${newline}` }],
    };
  },
});

interface Known {
  readonly scopes: Scopes;
  /** By the instruction's index. */
  readonly scripts: ReadonlyMap<number, InstructionScript>;
}

/** The first use of each name that isn't in the stage's scope. */
function lostIn(input: LintInput, stage: Stage, { scopes, scripts }: Known): ReadonlyMap<string, Span> {
  const lost = new Map<string, Span>();
  for (const instruction of stage.instructions) {
    for (const { name, span } of usesIn(input.build.file, instruction, scripts.get(instruction.index))) {
      if (!lost.has(name) && isLost(name, instruction, scopes) && !isSetByBase(input, stage, name))
        lost.set(name, span);
    }
  }
  return lost;
}

interface Use {
  readonly name: string;
  readonly span: Span;
}

/** True if set for FROM lines, and not by anything in the instruction's scope. */
function isLost(name: string, instruction: Instruction, scopes: Scopes): boolean {
  return scopes.globalVariable(name) !== undefined && scopes.variable(instruction, name) === undefined;
}

/** True for a name such as `PYTHON_VERSION` in an image called python. */
function isSetByBase({ build }: LintInput, stage: Stage, name: string): boolean {
  if (isSetByKnownBase(build, stage, name)) return true;
  const repository = build.baseImage(build.rootStage(stage))?.reference.repository;
  const word = /^(.+)_(?:VERSION|HOME|SHA256|VARIANT)$/.exec(name)?.[1]?.toLowerCase();
  return repository !== undefined && word !== undefined && repository.toLowerCase().includes(word);
}

function usesIn(file: Dockerfile, instruction: Instruction, script: InstructionScript | undefined): readonly Use[] {
  if (instruction.trigger) return [];
  const expanded = textsWithVariables(file, instruction).flatMap((text) => variableReferences(text, file.escape));
  const uses = expanded
    .filter(({ modifier }) => !/^:?[-+?]/.test(modifier))
    .map(({ name, nameSpan }) => ({ name, span: nameSpan }));
  return script ? [...uses, ...usesInScript(file, script)] : uses;
}

function usesInScript({ text }: Dockerfile, { run, script }: InstructionScript): readonly Use[] {
  const uses = script.commands
    .flatMap(wordsOf)
    .flatMap(({ isLiteral, span }) => (isLiteral ? [] : usesInWord(text, span)));
  if (uses.length === 0) return [];
  const written = text.slice(run.span.start, run.span.end);
  if (readsFile(written)) return [];
  const set = namesSetIn(written);
  return uses.filter(({ name }) => !set.has(name));
}

function wordsOf({ arguments: words, assignments, redirections }: ShellCommand): readonly ShellWord[] {
  return [
    ...assignments.flatMap(({ value }) => value ?? []),
    ...words,
    ...redirections.flatMap(({ target }) => target ?? []),
  ];
}

/** The uses of `$NAME` and `${NAME}`. One with a modifier expects that the name may be missing, or cuts its value. */
function usesInWord(text: string, { start, end }: Span): readonly Use[] {
  return [...text.slice(start, end).matchAll(/(?<!\\)\$(\{?)([A-Za-z_]\w*)(\}?)/g)].flatMap(
    ({ index, 1: open = "", 2: name = "", 3: close = "" }) => {
      const nameStart = start + index + 1 + open.length;
      return open === "{" && close === "" ? [] : [{ name, span: { start: nameStart, end: nameStart + name.length } }];
    },
  );
}
