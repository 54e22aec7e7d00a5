import assert from "node:assert/strict";
import { test } from "node:test";
import { parseReference, type ImageReference } from "../../oci/core/reference.ts";
import { createPinStates } from "../../server/src/pinStates.ts";

const minuteMs = 60_000;

function reference(text: string): ImageReference {
  const parsed = parseReference(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

/** States with a clock that the test sets. */
function states() {
  const clock = { ms: 0 };
  let changes = 0;
  const kept = createPinStates(
    () => changes++,
    () => clock.ms,
  );
  return { ...kept, clock, changes: () => changes };
}

const alpine = reference("alpine:3");
const gone = { pin: { state: "gone" } } as const;

test("what a registry said is shown for an hour", () => {
  const { get, learn, clock } = states();
  learn([{ reference: alpine, ...gone }]);
  clock.ms = 59 * minuteMs;
  assert.equal(get(reference("docker.io/library/alpine:3"))?.pin?.state, "gone");
  clock.ms = 60 * minuteMs;
  assert.equal(get(alpine), undefined);
});

test("a registry that doesn't respond later leaves what it said before", () => {
  const { get, learn } = states();
  learn([{ reference: alpine, ...gone }]);
  learn([{ reference: alpine }]);
  assert.equal(get(alpine)?.pin?.state, "gone");
});

test("an image is looked up once, and again ten minutes after a failure", async () => {
  const { watch, get, clock, changes } = states();
  let lookUps = 0;
  const lookUp = (): Promise<typeof gone> => {
    lookUps++;
    return lookUps === 1 ? Promise.reject(new Error("no answer")) : Promise.resolve(gone);
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  watch(alpine, lookUp);
  watch(alpine, lookUp);
  await settled();
  watch(alpine, lookUp);
  assert.deepEqual([lookUps, changes(), get(alpine)?.pin], [1, 1, undefined]);
  clock.ms = 10 * minuteMs;
  watch(alpine, lookUp);
  await settled();
  assert.deepEqual([lookUps, get(alpine)?.pin?.state], [2, "gone"]);
});
