import type { Dockerfile, Instruction, Span } from "../../syntax/syntax.ts";
import { defineRule } from "../rule.ts";
import { secretsIn } from "../secretFormats.ts";

export default defineRule({
  id: "secret-value",
  group: "security",
  summary: "The file contains a secret",
  why: `A token in \`ENV\`, \`LABEL\` or a file is in the image, one in \`ARG\` or \`RUN\` in its history, and all of them go wherever this file goes. Removing it later doesn't help: it has to be revoked.

Unmistakable formats are reported: keys of AWS, GitHub, GitLab, Slack, npm, PyPI, Docker Hub, Stripe, Google and others, private keys, JSON web tokens, and addresses with a password. In addition, values that are named password, token or key and look random. Samples and placeholders are not reported.`,
  severity: "warning",
  aliases: [],
  sources: [
    "https://docs.docker.com/build/building/secrets/",
    "https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns",
  ],
  examples: [
    {
      bad: `FROM node:22
ENV DATABASE_URL=postgres://app:T9v-kk2pQ@db.example.org/app
                                ^^^^^^^^^ This looks like a password in an address (T9v-…), readable by anyone with this file or the image; revoke it and use RUN --mount=type=secret
`,
      good: `FROM node:22
ENV DATABASE_URL=postgres://postgres:postgres@localhost/app
RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci
`,
    },
    {
      bad: `FROM debian:12
# Nothing in use: made up for this page.
RUN curl -H "X-Token: 1" https://example.org \\
 && echo 'api_key = "q8Zr2LmW4tXc7VbN1yKp"' > /etc/app.toml
                     ^^^^^^^^^^^^^^^^^^^^ This looks like a secret (q8Zr…), readable by anyone with this file or the image; revoke it and use RUN --mount=type=secret
`,
      good: `FROM debian:12
RUN --mount=type=secret,id=app,target=/etc/app.toml app check
`,
    },
  ],
  *check({ build: { file } }) {
    for (const instruction of file.instructions) {
      const { span } = instruction;
      const text = file.text.slice(span.start, span.end);
      for (const { what, start, end } of secretsIn(text)) {
        const place = { start: span.start + start, end: span.start + end };
        if (!isInComment(file, instruction, place))
          yield { span: place, data: { what, head: text.slice(start, start + shownCharacters) } };
      }
    }
  },
  message: ({ what, head }) =>
    `This looks like ${what} (${head}…), readable by anyone with this file or the image; revoke it and use RUN --mount=type=secret`,
});

// Enough to find it, and useless to someone looking over the shoulder.
const shownCharacters = 4;

function isInComment({ comments }: Dockerfile, { span }: Instruction, place: Span): boolean {
  return comments.some(
    (comment) =>
      comment.isInsideInstruction &&
      comment.span.start >= span.start &&
      place.start >= comment.span.start &&
      place.start < comment.span.end,
  );
}
