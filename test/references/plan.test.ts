import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { planPins, type PinMode } from "../../references/plan.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { digest } from "../support/images/literalImages.ts";
import { fakeDigestResolver } from "../support/registry/fakeDigestResolver.ts";

const signal = new AbortController().signal;

/** Digests are written `@a` in these texts. */
function expand(text: string): string {
  return text.replace(/@([0-9a-f])(?![0-9a-z])/g, (_, digit: string) => `@${digest(digit)}`);
}

async function run(
  text: string,
  mode: PinMode,
  tags: Readonly<Record<string, string>>,
): Promise<{ readonly text: string; readonly said: readonly string[] }> {
  const before = expand(text);
  const { edits, outcomes } = await planPins({ file: parse(before), mode, resolver: fakeDigestResolver(tags) }, signal);
  let after = before;
  for (const { span, text: inserted } of [...edits].reverse())
    after = after.slice(0, span.start) + inserted + after.slice(span.end);
  return { text: after, said: outcomes.map(({ outcome, message }) => `${outcome}: ${message}`) };
}

async function becomes(
  mode: PinMode,
  before: string,
  after: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  assert.equal((await run(before, mode, tags)).text, expand(after));
}

describe("pin", () => {
  const tags = { "alpine:3": "a", "alpine:latest": "b", "ghcr.io/x/y:1": "c", "docker/dockerfile:1": "d" };

  test("puts the digest behind the tag and keeps everything else", () =>
    becomes(
      "pin",
      "\uFEFF# c\r\nfrom  --platform=linux/arm64\talpine:3   as\tX \r\n",
      "\uFEFF# c\r\nfrom  --platform=linux/arm64\talpine:3@a   as\tX \r\n",
      tags,
    ));
  test("an untagged reference shows the tag it was pinned from", () =>
    becomes("pin", "FROM alpine", "FROM alpine:latest@b", tags));
  test("the name stays as written", () =>
    becomes(
      "pin",
      "FROM docker.io/library/alpine:3\nFROM index.docker.io/alpine:3\n",
      "FROM docker.io/library/alpine:3@a\nFROM index.docker.io/alpine:3@a\n",
      tags,
    ));
  test("every place at once", () =>
    becomes(
      "pin",
      "# syntax=docker/dockerfile:1\nFROM alpine:3\nCOPY --from=ghcr.io/x/y:1 /a /b\nRUN --mount=from=alpine:3,target=/x true\nONBUILD COPY --from=alpine:3 /a /b\n",
      "# syntax=docker/dockerfile:1@d\nFROM alpine:3@a\nCOPY --from=ghcr.io/x/y:1@c /a /b\nRUN --mount=from=alpine:3@a,target=/x true\nONBUILD COPY --from=alpine:3@a /a /b\n",
      tags,
    ));
  test("one ARG of two stages is edited once", () =>
    becomes(
      "pin",
      "ARG V='3'\nFROM alpine:$V\nFROM alpine:$V\n",
      "ARG V='3@a'\nFROM alpine:$V\nFROM alpine:$V\n",
      tags,
    ));
  test("what is pinned stays", async () => {
    assert.deepEqual(await run("FROM alpine:3@f\n", "pin", {}), {
      text: expand("FROM alpine:3@f\n"),
      said: ["unchanged: already pinned"],
    });
  });
  test("asks once for each image", async () => {
    const resolver = fakeDigestResolver(tags);
    await planPins({ file: parse("FROM alpine:3\nFROM alpine:3\n"), mode: "pin", resolver }, signal);
    assert.deepEqual(resolver.asked, ["alpine:3"]);
  });
  test("what fails or is skipped says why, and the rest is pinned", async () => {
    const { text, said } = await run("FROM nowhere:1\nFROM a:$X\nFROM alpine:3\n", "pin", tags);
    assert.equal(text, expand("FROM nowhere:1\nFROM a:$X\nFROM alpine:3@a\n"));
    assert.deepEqual(said, [
      "failed: nowhere:1 does not exist",
      "skipped: ${X} has no default to pin; give ARG X one before the first FROM",
      "pinned: alpine:3 is aaaaaaaaaaaa at the fake",
    ]);
  });
  test("only the selected reference is pinned", async () => {
    const file = parse("FROM alpine:3\nFROM alpine:3\n");
    const { edits } = await planPins(
      { file, mode: "pin", resolver: fakeDigestResolver(tags), only: ({ start }) => start > 10 },
      signal,
    );
    assert.deepEqual(
      edits.map(({ span }) => span.start),
      [27],
    );
  });
  test("pinning twice changes nothing more", async () => {
    const once = await run("ARG V=3\nFROM alpine:$V\nFROM alpine\n", "pin", tags);
    assert.equal((await run(once.text, "pin", tags)).text, once.text);
  });
});

describe("update", () => {
  test("an update follows the tag", () =>
    becomes("update", "FROM alpine:3@a AS x\nFROM b:1\n", "FROM alpine:3@b AS x\nFROM b:1\n", {
      "alpine:3": "b",
      "b:1": "c",
    }));
  test("in an ARG's default", () =>
    becomes("update", "ARG V=3@a\nFROM alpine:$V\n", "ARG V=3@b\nFROM alpine:$V\n", { "alpine:3": "b" }));
  test("a digest without a tag has nothing to follow", async () => {
    assert.match((await run("FROM alpine@a\n", "update", {})).said.join(), /skipped: no tag says/);
  });
  test("what is not pinned is not touched", async () => {
    assert.deepEqual((await run("FROM alpine:3\n", "update", { "alpine:3": "a" })).said, [
      "skipped: not pinned; pin it first",
    ]);
  });
});

describe("unpin", () => {
  test("unpinning leaves the tag", () =>
    becomes(
      "unpin",
      'FROM "alpine:3@a" AS x\nCOPY --from=b:1@c /a /b\n',
      'FROM "alpine:3" AS x\nCOPY --from=b:1 /a /b\n',
      {},
    ));
  test("a digest over two lines goes whole", () =>
    becomes("unpin", `FROM alpine:3@sha256:aaaa\\\n${"a".repeat(60)} AS x\n`, "FROM alpine:3 AS x\n", {}));
  test("pin and unpin cancel out", async () => {
    const text = "ARG B=alpine:3\nFROM $B AS x\n";
    const pinned = await run(text, "pin", { "alpine:3": "a" });
    assert.equal((await run(pinned.text, "unpin", {})).text, text);
  });
});

describe("check", () => {
  const check = async (text: string, tags: Readonly<Record<string, string>>): Promise<string> => {
    const { text: after, said } = await run(text, "check", tags);
    assert.equal(after, expand(text));
    return said.join();
  };
  test("a digest that its tag still points to is unchanged", async () =>
    assert.equal(await check("FROM alpine:3@a\n", { "alpine:3": "a" }), "unchanged: 3 still points to aaaaaaaaaaaa"));
  test("a tag that points elsewhere has moved", async () =>
    assert.equal(
      await check("FROM alpine:3@a\n", { "alpine:3": "b", "alpine:2": "a" }),
      "moved: 3 points to bbbbbbbbbbbb now; update the digest",
    ));
  test("a digest that the registry no longer has is gone", async () =>
    assert.match(
      await check("FROM alpine:3@a\n", { "alpine:3": "b" }),
      /^gone: the registry no longer has aaaaaaaaaaaa/,
    ));
  test("a tag that is gone has moved if its digest is there", async () =>
    assert.match(await check("FROM alpine:3@a\n", { "alpine:2": "a" }), /^moved: the tag 3 is gone/));
  test("a digest without a tag is unchanged while it exists", async () =>
    assert.equal(await check("FROM alpine@a\n", { "alpine:2": "a" }), "unchanged: aaaaaaaaaaaa exists"));
  test("an image that is not pinned is skipped", async () =>
    assert.equal(await check("FROM alpine:3\n", {}), "skipped: not pinned"));
});

test("a cancelled plan throws", async () => {
  await assert.rejects(
    planPins({ file: parse("FROM a:1\n"), mode: "pin", resolver: fakeDigestResolver({}) }, AbortSignal.abort()),
    { name: "AbortError" },
  );
});
