import { allLabels } from "../labels.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "label-key",
  group: "style",
  summary: "A label's key is not one that Docker's guidelines allow",
  why: "Keys begin and end with a lower-case letter or digit and hold lower-case letters, digits, `.`, `-`, `_` and `/`, no two dots or dashes in a row. `com.docker.*`, `io.docker.*` and `org.dockerproject.*` are Docker's own.",
  severity: "hint",
  aliases: ["DL3048"],
  sources: ["https://docs.docker.com/engine/manage-resources/labels/#key-format-recommendations"],
  examples: [
    {
      bad: `FROM scratch
LABEL Build--Date=today
      ^^^^^^^^^^^ Build--Date is no good key for a label: write build-date
`,
      good: `FROM scratch
LABEL build-date=today
`,
    },
    {
      bad: `FROM scratch
LABEL com.docker.mine=1
      ^^^^^^^^^^^^^^^ com.docker is Docker's own: begin with a domain of yours, written backwards
`,
      good: `FROM scratch
LABEL org.example.mine=1
LABEL com.docker.extension.publisher-url="https://example.org"
`,
    },
  ],
  *check(input) {
    for (const { key, pair } of allLabels(input)) {
      if (key === undefined) continue;
      const reserved = reservedPrefix(key);
      if (reserved !== undefined || !isGood(key))
        yield { span: pair.key.span, data: { key, reserved, isWritten: pair.key.value === key } };
    }
  },
  message({ key, reserved }) {
    if (reserved !== undefined) return `${reserved} is Docker's own: begin with a domain of yours, written backwards`;
    return `${key} is no good key for a label: ${correctedKey(key) === undefined ? "use lower-case letters, digits, dots and dashes" : `write ${correctedKey(key)}`}`;
  },
  fixSafety: "unsafe",
  fix({ span, data: { key, reserved, isWritten } }) {
    const text = isWritten && reserved === undefined ? correctedKey(key) : undefined;
    return text === undefined ? undefined : { title: `Write ${text}`, changes: [{ span, text }] };
  },
});

// Underscores and slashes are in use everywhere (Kubernetes, `io.openshift`), and hadolint lets them pass.
const goodKey = /^[a-z0-9](?:[a-z0-9._/-]*[a-z0-9])?$/;

function isGood(key: string): boolean {
  return goodKey.test(key) && !/\.\.|--/.test(key);
}

/** Docker asks the authors of extensions and of compose files to set some of its own. */
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
    .replaceAll(/^[._/-]+|[._/-]+$/g, "");
  return isGood(text) ? text : undefined;
}
