import type { Dockerfile, Span } from "../../syntax/syntax.ts";
import { withoutLines } from "../../edit/edits.ts";
import { defineRule } from "../rule.ts";
import { commentAt, suppressionLists } from "../config/suppressions.ts";

export default defineRule({
  id: "ignore-comment",
  group: "style",
  summary: "A comment suppresses rules",
  why: "For projects where findings must be fixed rather than silenced. Off by default.",
  severity: "off",
  aliases: ["DL1001"],
  sources: ["https://github.com/hadolint/hadolint#ignoring-rules"],
  examples: [
    {
      bad: `# hadolint global ignore=DL3006
                         ^^^^^^ This comment silences dl3006
FROM debian:12
`,
      good: `FROM debian:12
`,
    },
    {
      bad: `FROM debian:12
# What the mirror has is good enough.
# imagewright ignore=apt-version
                     ^^^^^^^^^^^ This comment silences apt-version
RUN apt-get install -y curl
`,
      good: `FROM debian:12
# What the mirror has is good enough.
RUN apt-get install -y curl
`,
    },
  ],
  *check({ build: { file } }) {
    for (const { names, namesSpan } of suppressionLists(file)) yield { span: namesSpan, data: names };
  },
  message: (names) => `This comment silences ${names.join(", ")}`,
  fixSafety: "safe",
  fix({ span }, { build: { file } }) {
    const comment = commentAt(file, span.start);
    return comment &&
      comment.span.start <= span.start &&
      saysNothingElse(comment.text) &&
      !hidesDirective(file, comment.span)
      ? { title: "Delete the comment", changes: [withoutLines(file, comment.span)] }
      : undefined;
  },
});

/**
 * True if the comment has no other effect: `check=skip=A;error=true` and `shellcheck shell=bash disable=SC2086` also
 * set something else.
 */
function saysNothingElse(comment: string): boolean {
  return (
    /^(?:hadolint|imagewright)\s/i.test(comment) ||
    /^check\s*=\s*skip\s*=[^;]*$/i.test(comment) ||
    /^shellcheck\s+disable=\S*$/.test(comment)
  );
}

/** True if removing a comment above all instructions would turn those below it into parser directives. */
function hidesDirective({ text, instructions }: Dockerfile, { start, end }: Span): boolean {
  return (instructions[0]?.span.start ?? Infinity) > start && /^\r?\n[ \t]*#[ \t]*[a-z]+[ \t]*=/i.test(text.slice(end));
}
