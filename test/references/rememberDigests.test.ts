import assert from "node:assert/strict";
import { test } from "node:test";
import { failure } from "../../oci/core/error.ts";
import { parseReference, type ImageReference } from "../../oci/core/reference.ts";
import { rememberDigests } from "../../references/rememberDigests.ts";
import { fakeDigestResolver } from "../support/registry/fakeDigestResolver.ts";

const signal = new AbortController().signal;
const minute = 60_000;

function reference(text: string): ImageReference {
  const parsed = parseReference(text);
  assert.ok(parsed.ok);
  return parsed.value;
}

/** A registry whose clock only advances when `at` sets it. */
function remembering(tags: Record<string, string>) {
  let nowMs = 0;
  const fake = fakeDigestResolver(tags);
  const resolver = rememberDigests(fake, () => nowMs);
  const resolve = async (text: string): Promise<string> => {
    const answer = await resolver.resolve(reference(text), signal);
    return answer.ok ? answer.value.digest.slice("sha256:".length, "sha256:".length + 1) : answer.error.kind;
  };
  return { asked: fake.asked, resolver, fake, resolve, at: (ms: number) => void (nowMs = ms) };
}

test("a tag is looked up once for concurrent and later callers", async () => {
  const { asked, resolve } = remembering({ "alpine:latest": "a" });
  await Promise.all([resolve("alpine"), resolve("alpine:latest"), resolve("docker.io/library/alpine")]);
  assert.equal(await resolve("alpine"), "a");
  assert.equal(asked.length, 1);
});

test("within the hour the old answer is returned, and refreshed for the next time", async () => {
  const tags: Record<string, string> = { "alpine:3": "a" };
  const { asked, resolve, at } = remembering(tags);
  assert.equal(await resolve("alpine:3"), "a");
  tags["alpine:3"] = "b";
  at(2 * minute);
  assert.equal(await resolve("alpine:3"), "a");
  assert.equal(asked.length, 2);
  await new Promise(setImmediate);
  assert.equal(await resolve("alpine:3"), "b");
});

test("after an hour the tag is looked up again", async () => {
  const tags: Record<string, string> = { "alpine:3": "a" };
  const { resolve, at } = remembering(tags);
  await resolve("alpine:3");
  tags["alpine:3"] = "b";
  at(60 * minute);
  assert.equal(await resolve("alpine:3"), "b");
});

test("a failure is remembered for a minute", async () => {
  const tags: Record<string, string> = {};
  const { asked, resolve, at } = remembering(tags);
  assert.equal(await resolve("alpine:3"), "notFound");
  tags["alpine:3"] = "a";
  at(minute - 1);
  assert.equal(await resolve("alpine:3"), "notFound");
  assert.equal(asked.length, 1);
  at(minute);
  assert.equal(await resolve("alpine:3"), "a");
});

test("a failed refresh keeps the answer that is still usable", async () => {
  const tags: Record<string, string> = { "alpine:3": "a" };
  const { resolve, at } = remembering(tags);
  await resolve("alpine:3");
  delete tags["alpine:3"];
  at(30 * minute);
  assert.equal(await resolve("alpine:3"), "a");
  await new Promise(setImmediate);
  assert.equal(await resolve("alpine:3"), "a");
});

test("the content of a digest is read once", async () => {
  const { fake, at } = remembering({});
  let reads = 0;
  const counting = rememberDigests(
    {
      ...fake,
      content: (wanted, wantedSignal) => {
        reads += 1;
        return fake.content(wanted, wantedSignal);
      },
    },
    () => 0,
  );
  const pinned = reference(`alpine:3@sha256:${"a".repeat(64)}`);
  assert.ok(pinned.digest);
  for (const ms of [0, 10 * 60 * minute]) {
    at(ms);
    await counting.content({ ...pinned, digest: pinned.digest }, signal);
  }
  assert.equal(reads, 1);
});

test("a caller that cancels doesn't affect the others", async () => {
  let finish: (() => void) | undefined;
  const slow = rememberDigests({
    resolve: async (wanted, wantedSignal) => {
      await new Promise<void>((resolve) => (finish = resolve));
      return wantedSignal.aborted
        ? failure({ kind: "notAsked", what: "it", message: "cancelled" })
        : fakeDigestResolver({ "alpine:3": "a" }).resolve(wanted, wantedSignal);
    },
    content: fakeDigestResolver({}).content,
  });
  const leaving = new AbortController();
  const left = slow.resolve(reference("alpine:3"), leaving.signal);
  const stays = slow.resolve(reference("alpine:3"), signal);
  leaving.abort();
  finish?.();
  await assert.rejects(left, { name: "AbortError" });
  assert.equal((await stays).ok, true);
});
