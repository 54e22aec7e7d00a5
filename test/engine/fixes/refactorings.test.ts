import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { refactoringsAt } from "../../../dockerfile/refactor/refactorings.ts";
import type { Rig } from "../../rig/engines/engine.ts";
import { sharedEngine } from "../../rig/engines/sharedRigs.ts";
import { importProgramsImage } from "../../rig/engines/shellImage.ts";
import { buildOf } from "../../support/dockerfile/check.ts";
import { builtOutcome } from "./builtOutcome.ts";

const reference = "debian:imagewright-refactorings";

let rig: Rig;
before(async () => {
  rig = await sharedEngine();
  await importProgramsImage(rig, reference, ["/bin/sh", "/bin/mkdir", "/bin/cat", "/bin/ls"], {});
});
after(() => rig.stop());

/** The title of a refactoring, and the lines after FROM with the selected text between `^`s. */
const cases: readonly (readonly [title: string, lines: string, about?: string])[] = [
  ["Join two RUN instructions", "RUN^ mkdir /a && cat /etc/passwd > /a/b\n# why\nRUN echo c | cat > /d\n"],
  ["Split into 2 RUN instructions", 'RUN^ mkdir "/a b" && echo "$PATH" \\\n > /c\n'],
  ["Convert to exec form", 'RUN ^mkdir -p "/a b/c"\n'],
  ["Convert to shell form", `RUN ^["mkdir", "/it's $PATH"]\n`],
  ["Convert to shell form", `CMD ^["/bin/ls", "/etc/passwd"]\n`, "Cmd"],
  ["Extract to ARG VALUE", "WORKDIR /^1.2^/b\nRUN echo a > c\n"],
  ["Inline ARG V", "ARG ^V=1.2\nWORKDIR /$V/b\nENV A=${V}\nRUN echo $V > c\n"],
];

for (const [title, lines, about] of cases)
  test(`a refactored file builds and runs as before: ${title}`, { timeout: 240_000 }, async () => {
    const marked = `FROM ${reference}\n${lines}${lines.startsWith("CMD") ? "" : 'CMD ["/bin/ls", "/"]\n'}`;
    const text = marked.replaceAll("^", "");
    const start = marked.indexOf("^");
    const end = marked.indexOf("^", start + 1);
    const found = refactoringsAt(buildOf(text), { start, end: end < 0 ? start : end - 1 });
    const chosen = found.find((one) => one.title === title);
    assert.ok(chosen, found.map((one) => one.title).join("; "));
    const kept = about === undefined ? [] : [about];
    const outcomes = [];
    for (const [when, dockerfile] of Object.entries({ before: text, after: applyChanges(text, chosen.changes) }))
      outcomes.push(await builtOutcome(rig, { tag: `imagewright-refactorings-${when}:1`, dockerfile }, kept));
    assert.deepEqual(outcomes[1], outcomes[0]);
  });
