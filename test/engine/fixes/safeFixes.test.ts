import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Rig } from "../../rig/engines/engine.ts";
import { sharedEngine } from "../../rig/engines/sharedRigs.ts";
import { importProgramsImage } from "../../rig/engines/shellImage.ts";
import { builtOutcome } from "./builtOutcome.ts";
import { safelyFixed } from "./safelyFixed.ts";
import { safeFixCases, stubs, type SafeFixCase } from "./safeFixCases.ts";

let rig: Rig;
before(async () => {
  rig = await sharedEngine();
  const programs = ["/bin/sh", "/bin/rm", "/bin/mkdir", "/bin/cat", "/bin/ls"];
  for (const reference of ["debian:imagewright-fixes", "alpine:imagewright-fixes"])
    await importProgramsImage(rig, reference, programs, stubs);
});
after(() => rig.stop());

for (const one of safeFixCases) {
  test(`a file with safe fixes builds and runs as before: ${one.name}`, { timeout: 120_000 }, async () => {
    const fixed = safelyFixed(one.dockerfile);
    assert.notEqual(fixed, one.dockerfile);
    for (const word of one.isFixed) assert.ok(fixed.includes(word), fixed);
    const built = [await outcome(one, one.dockerfile, "before"), await outcome(one, fixed, "after")];
    assert.deepEqual(built[1], built[0], fixed);
  });
}

test("a fix that changes what runs would be noticed", { timeout: 120_000 }, async () => {
  const one = { name: "", dockerfile: "", isFixed: [], about: [] };
  const base = "FROM debian:imagewright-fixes\n";
  const outcomes = await Promise.all(
    ["ENTRYPOINT exit 3", "ENTRYPOINT exit 4", 'ENTRYPOINT ["/bin/sh"]', "RUN echo a > /a\nENTRYPOINT exit 3"].map(
      (lines, index) => outcome(one, `${base}${lines}\n`, String(index)),
    ),
  );
  assert.equal(new Set(outcomes.map((it) => JSON.stringify(it))).size, outcomes.length);
});

function outcome({ files, about }: SafeFixCase, dockerfile: string, when: string): Promise<unknown> {
  return builtOutcome(rig, { tag: `imagewright-fixes-${when}:1`, dockerfile, ...(files && { files }) }, about);
}
