import assert from "node:assert/strict";
import { test } from "node:test";
import { lint } from "../../support/dockerfile/check.ts";

test("findings about files that ADD downloads give advice about ADD", () => {
  const text = `FROM debian:12
ADD https://example.org/setup.bin /setup.bin
RUN chmod 755 /setup.bin
RUN /setup.bin && rm /setup.bin
`;
  const messages = lint(text)
    .filter(({ rule }) => rule.id === "owner-set-later" || rule.id === "deleted-later")
    .map(({ message }) => message);
  assert.match(messages[0] ?? "", /use ADD --chmod=755$/);
  assert.match(messages[1] ?? "", /download it in the RUN that needs it instead$/);
});
