import { isSetByKnownBase } from "../../semantics/knownBaseVariables.ts";
import { variableReferences } from "../../syntax/expand/expand.ts";
import type { Instruction, KeyValue } from "../../syntax/syntax.ts";
import { allLabels } from "../labels.ts";
import { defineRule, type Finding, type LintInput } from "../rule.ts";

export default defineRule({
  id: "label-key",
  group: "style",
  summary: "A label key doesn't follow Docker's guidelines",
  why: "Keys begin with a lower-case letter, end with one or a digit, and contain lower-case letters, digits, `.`, `-`, `_` and `/`, no two dots or dashes in a row. `com.docker.*`, `io.docker.*` and `org.dockerproject.*` are Docker's own.",
  severity: "hint",
  aliases: ["DL3048"],
  sources: ["https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations"],
  examples: [
    {
      bad: `FROM scratch
LABEL 2nd.name=app
      ^^^^^^^^ 2nd.name is not a valid label key; write nd.name
`,
      good: `FROM scratch
LABEL nd.name=app
`,
    },
    {
      bad: `FROM scratch
LABEL build$DATE=today
      ^^^^^^^^^^ build$DATE is not a valid label key: nothing sets DATE
`,
      good: `FROM scratch
ARG DATE=2026
LABEL build$DATE=today
`,
    },
    {
      bad: `FROM scratch
LABEL Build--Date=today
      ^^^^^^^^^^^ Build--Date is not a valid label key; write build-date
`,
      good: `FROM scratch
LABEL build-date=today
`,
    },
    {
      bad: `FROM scratch
LABEL com.docker.mine=1
      ^^^^^^^^^^^^^^^ com.docker is Docker's own prefix; start with your domain in reverse
`,
      good: `FROM scratch
LABEL org.example.mine=1
LABEL com.docker.extension.publisher-url="https://example.org"
`,
    },
  ],
  *check(input): Iterable<Finding<KeyProblem>> {
    for (const { key, pair, instruction } of allLabels(input)) {
      if (key === undefined) {
        const unset = unsetVariable(input, instruction, pair);
        if (unset !== undefined) yield { span: pair.key.span, data: { key: pair.key.value, unset, isWritten: false } };
        continue;
      }
      const reserved = reservedPrefix(key);
      if (reserved !== undefined || !isGood(key))
        yield { span: pair.key.span, data: { key, reserved, isWritten: pair.key.value === key } };
    }
  },
  message({ key, reserved, unset }) {
    if (unset !== undefined) return `${key} is not a valid label key: nothing sets ${unset}`;
    if (reserved !== undefined) return `${reserved} is Docker's own prefix; start with your domain in reverse`;
    return `${key} is not a valid label key; ${correctedKey(key) === undefined ? "use lower-case letters, digits, dots and dashes" : `write ${correctedKey(key)}`}`;
  },
  fixSafety: "unsafe",
  fix({ span, data: { key, reserved, isWritten } }) {
    const text = isWritten && reserved === undefined ? correctedKey(key) : undefined;
    return text === undefined ? undefined : { title: `Write ${text}`, changes: [{ span, text }] };
  },
});

interface KeyProblem {
  readonly key: string;
  readonly isWritten: boolean;
  /** The prefix that Docker reserves. */
  readonly reserved?: string | undefined;
  /** A variable in the key that isn't set. */
  readonly unset?: string;
}

/** The first variable of a key that is set neither by the file nor by a base image known by name. */
function unsetVariable({ build }: LintInput, instruction: Instruction, { key }: KeyValue): string | undefined {
  const stage = build.file.stages[instruction.stageIndex];
  return variableReferences(key.logical, build.file.escape)
    .map(({ name }) => name)
    .find((name) => !build.scopesWithBases().variable(instruction, name) && !isSetByKnownBase(build, stage, name));
}

// Underscores and slashes are common (Kubernetes, `io.openshift`), and hadolint accepts them.
const goodKey = /^[a-z](?:[a-z0-9._/-]*[a-z0-9])?$/;

function isGood(key: string): boolean {
  return goodKey.test(key) && !/\.\.|--/.test(key);
}

/**
 * The reserved prefix of a key. Docker asks the authors of extensions and of Compose files to set some of its own
 * labels, which are exempt.
 */
function reservedPrefix(key: string): string | undefined {
  if (/^com\.docker\.(?:extension|desktop|compose)\./.test(key)) return undefined;
  return /^(com\.docker|io\.docker|org\.dockerproject)\./.exec(key)?.[1];
}

function correctedKey(key: string): string | undefined {
  const text = key
    .toLowerCase()
    .replaceAll(/[^a-z0-9._/-]+/g, "-")
    .replaceAll(/\.{2,}/g, ".")
    .replaceAll(/-{2,}/g, "-")
    .replaceAll(/^[0-9._/-]+|[._/-]+$/g, "");
  return isGood(text) ? text : undefined;
}
