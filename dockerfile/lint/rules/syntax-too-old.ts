import { variableReferences } from "../../syntax/expand/expand.ts";
import { instructionKnowledge } from "../../syntax/instructions.ts";
import { mountOptions } from "../../syntax/instructions/mountOptions.ts";
import type { Directive, Dockerfile, Instruction, Span } from "../../syntax/syntax.ts";
import { textsWithVariables } from "../../semantics/expandedTexts.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "syntax-too-old",
  group: "correctness",
  summary: "`# syntax=docker/dockerfile:1.…` is too old for a feature that the file uses",
  why: `The directive decides which version of Docker's frontend reads the file, whatever the builder includes. What that version doesn't know is an error or, worse, is treated as text.

Only tags with a minor version are checked: \`docker/dockerfile:1\` is always the newest, and \`-labs\` has features before other channels.`,
  severity: "error",
  aliases: [],
  sources: [
    "https://docs.docker.com/build/buildkit/dockerfile-release-notes/",
    "https://docs.docker.com/build/buildkit/frontend/",
  ],
  examples: [
    {
      bad: `# syntax=docker/dockerfile:1.4
FROM alpine:3.22
COPY --link a /a
COPY --parents b/c /d/
     ^^^^^^^^^ --parents needs docker/dockerfile:1.20, but the syntax directive says 1.4
`,
      good: `# syntax=docker/dockerfile:1.20
FROM alpine:3.22
COPY --link a /a
COPY --parents b/c /d/
`,
    },
    {
      bad: `# syntax=docker.io/docker/dockerfile:1.3.1
FROM alpine:3.22
RUN <<EOF
    ^^^^^ A heredoc needs docker/dockerfile:1.4, but the syntax directive says 1.3
echo
EOF
RUN --mount=type=secret,id=a,env=A true
                             ^^^ The mount option env needs docker/dockerfile:1.10, but the syntax directive says 1.3
`,
      good: `# syntax=docker.io/docker/dockerfile:1.10
FROM alpine:3.22
RUN <<EOF
echo
EOF
RUN --mount=type=secret,id=a,env=A true
`,
    },
  ],
  *check({ build: { file } }) {
    const frontend = frontendOf(file);
    if (!frontend) return;
    const tooNew = featuresIn(file).filter(({ since }) => minorOf(since) > frontend.minor);
    const newest = Math.max(...tooNew.map(({ since }) => minorOf(since)));
    for (const { what, since, span } of tooNew) yield { span, data: { what, since, frontend, newest } };
  },
  message: ({ what, since, frontend }) =>
    `${what} needs docker/dockerfile:${since}, but the syntax directive says 1.${frontend.minor}`,
  fixSafety: "unsafe",
  fix({ data: { frontend, newest } }) {
    // A digest means the old frontend, whatever the tag says.
    return frontend.hasDigest
      ? undefined
      : { title: `Use docker/dockerfile:1.${newest}`, changes: [{ span: frontend.tagSpan, text: `1.${newest}` }] };
  },
});

interface Frontend {
  readonly minor: number;
  readonly tagSpan: Span;
  readonly hasDigest: boolean;
}

interface Feature {
  readonly what: string;
  /** As in `1.4`. */
  readonly since: string;
  readonly span: Span;
}

/** Docker's own frontend with a minor version. */
function frontendOf({ directives }: Dockerfile): Frontend | undefined {
  const directive: Directive | undefined = directives.find(({ name }) => name === "syntax");
  const [, name, tag, minor, digest] =
    /^((?:docker\.io\/)?docker\/dockerfile:)(1\.(\d+)(?:\.\d+)?)(@\S+)?\s*$/.exec(directive?.value ?? "") ?? [];
  if (!directive || name === undefined || tag === undefined) return undefined;
  const start = directive.valueSpan.start + name.length;
  return { minor: Number(minor), tagSpan: { start, end: start + tag.length }, hasDigest: digest !== undefined };
}

function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}

function featuresIn(file: Dockerfile): readonly Feature[] {
  return file.instructions.flatMap((instruction) => [
    ...flagFeatures(instruction),
    ...heredocFeatures(instruction),
    ...triggerFeatures(instruction),
    ...expansionFeatures(file, instruction),
  ]);
}

function flagFeatures(outer: Instruction): readonly Feature[] {
  const instruction = outer.trigger ?? outer;
  const known = instructionKnowledge(instruction.keyword.value)?.flags ?? [];
  return instruction.flags.flatMap(({ name, nameSpan, span, options, value }) => {
    const flag: Span = { start: span.start, end: nameSpan.end };
    const since = known.find((knowledge) => knowledge.name === name)?.since;
    const own = since === undefined ? [] : [{ what: `--${name}`, since, span: flag }];
    const isSymbolic = name === "chmod" && value !== undefined && /^[augorwxXst,+=-]*[a-zA-Z]/.test(value.value);
    const mode = isSymbolic ? [{ what: `The mode ${value.value}`, since: "1.14", span: value.span }] : [];
    return [...own, ...mode, ...options.flatMap(({ key, keySpan }) => optionFeature(key, keySpan))];
  });
}

function optionFeature(key: string, span: Span): readonly Feature[] {
  const since = mountOptions.find((option) => option.key === key || option.aliases.includes(key))?.since;
  return since === undefined ? [] : [{ what: `The mount option ${key}`, since, span }];
}

function heredocFeatures({ heredocs }: Instruction): readonly Feature[] {
  return heredocs.map(({ span }) => ({ what: "A heredoc", since: "1.4", span }));
}

/** The features of `ONBUILD COPY --from` and `ONBUILD RUN --mount=from=`. */
function triggerFeatures({ keyword, trigger }: Instruction): readonly Feature[] {
  const from = keyword.value === "ONBUILD" ? trigger?.flags.find(({ name }) => name === "from") : undefined;
  return from ? [{ what: "ONBUILD COPY --from", since: "1.11", span: from.span }] : [];
}

/** The features of `${a#b}`, `${a%b}` and `${a/b/c}`. */
function expansionFeatures(file: Dockerfile, instruction: Instruction): readonly Feature[] {
  const references = textsWithVariables(file, instruction).flatMap((text) =>
    /\$\{\w+[#%/]/.test(text.text) ? variableReferences(text, file.escape) : [],
  );
  return references
    .filter(({ modifier }) => /^[#%/]/.test(modifier))
    .map(({ modifier, span }) => ({ what: `The modifier ${modifier}`, since: "1.7", span }));
}
