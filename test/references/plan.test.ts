import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findReferences, type PlacedReference } from "../../dockerfile/references/findReferences.ts";
import { planPins } from "../../references/plan.ts";
import type { PinMode } from "../../references/planners.ts";
import { rememberDigests } from "../../references/rememberDigests.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { digest } from "../support/images/literalImages.ts";
import { fakeDigestResolver } from "../support/registry/fakeDigestResolver.ts";

const signal = new AbortController().signal;

/** Expands digests, which are written `@a` in these texts. */
function expand(text: string): string {
  return text.replace(/@([0-9a-f])(?![0-9a-z])/g, (_, digit: string) => `@${digest(digit)}`);
}

async function run(
  text: string,
  mode: PinMode,
  tags: Readonly<Record<string, string>>,
  indexes: Readonly<Record<string, string>> = {},
): Promise<{ readonly text: string; readonly said: readonly string[] }> {
  const before = expand(text);
  const { edits, outcomes } = await planPins(
    { references: findReferences(parse(before)), mode, resolver: fakeDigestResolver(tags, indexes) },
    signal,
  );
  let after = before;
  for (const { span, text: inserted } of [...edits].reverse())
    after = after.slice(0, span.start) + inserted + after.slice(span.end);
  return {
    text: after,
    said: outcomes.map(({ outcome, message, warning }) =>
      [`${outcome}: ${message}`, ...(warning === undefined ? [] : [warning])].join("; but "),
    ),
  };
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

  test("pinning adds the digest after the tag and keeps everything else", () =>
    becomes(
      "pin",
      "\uFEFF# c\r\nfrom  --platform=linux/arm64\talpine:3   as\tX \r\n",
      "\uFEFF# c\r\nfrom  --platform=linux/arm64\talpine:3@a   as\tX \r\n",
      tags,
    ));
  test("a pinned untagged reference shows the tag it was pinned from", () =>
    becomes("pin", "FROM alpine", "FROM alpine:latest@b", tags));
  test("pinning keeps the spelling of the name", () =>
    becomes(
      "pin",
      "FROM docker.io/library/alpine:3\nFROM index.docker.io/alpine:3\n",
      "FROM docker.io/library/alpine:3@a\nFROM index.docker.io/alpine:3@a\n",
      tags,
    ));
  test("pinning edits every place at once", () =>
    becomes(
      "pin",
      "# syntax=docker/dockerfile:1\nFROM alpine:3\nCOPY --from=ghcr.io/x/y:1 /a /b\nRUN --mount=from=alpine:3,target=/x true\nONBUILD COPY --from=alpine:3 /a /b\n",
      "# syntax=docker/dockerfile:1@d\nFROM alpine:3@a\nCOPY --from=ghcr.io/x/y:1@c /a /b\nRUN --mount=from=alpine:3@a,target=/x true\nONBUILD COPY --from=alpine:3@a /a /b\n",
      tags,
    ));
  test("pinning edits one ARG of two stages once", () =>
    becomes(
      "pin",
      "ARG V='3'\nFROM alpine:$V\nFROM alpine:$V\n",
      "ARG V='3@a'\nFROM alpine:$V\nFROM alpine:$V\n",
      tags,
    ));
  test("pinning leaves pinned references unchanged", async () => {
    assert.deepEqual(await run("FROM alpine:3@f\n", "pin", {}), {
      text: expand("FROM alpine:3@f\n"),
      said: ["unchanged: already pinned"],
    });
  });
  test("pinning looks up each image of several files once", async () => {
    const registry = fakeDigestResolver(tags);
    const resolver = rememberDigests(registry);
    const references = findReferences(parse("FROM alpine:3\nFROM alpine:3\n"));
    await Promise.all([1, 2].map(() => planPins({ references, mode: "pin", resolver }, signal)));
    assert.deepEqual(registry.asked, ["alpine:3"]);
  });
  test("a failed or skipped pin says why, and the rest is pinned", async () => {
    const { text, said } = await run("FROM nowhere:1\nFROM a:$X\nFROM alpine:3\n", "pin", tags);
    assert.equal(text, expand("FROM nowhere:1\nFROM a:$X\nFROM alpine:3@a\n"));
    assert.deepEqual(said, [
      "failed: nowhere:1 does not exist",
      "skipped: ${X} has no default to pin; give ARG X one before the first FROM",
      "pinned: alpine:3 is aaaaaaaaaaaa at the fake",
    ]);
  });
  test("pinning skips an ignored reference", async () => {
    const references = findReferences(parse("FROM alpine:3\nFROM alpine:3\n"));
    const whyIgnored = ({ span }: PlacedReference) => (span.start > 10 ? undefined : "ignored by a test");
    const resolver = fakeDigestResolver(tags);
    const { edits, outcomes } = await planPins({ references, mode: "pin", resolver, whyIgnored }, signal);
    assert.deepEqual(
      [edits.map(({ span }) => span.start), outcomes.map(({ outcome, message }) => `${outcome}: ${message}`)],
      [[27], ["ignored: ignored by a test", "pinned: alpine:3 is aaaaaaaaaaaa at the fake"]],
    );
  });
  test("pinning twice changes nothing more", async () => {
    const once = await run("ARG V=3\nFROM alpine:$V\nFROM alpine\n", "pin", tags);
    assert.equal((await run(once.text, "pin", tags)).text, once.text);
  });
});

/** Two indexes of the same platforms, the older one first. */
const platforms = { a: "linux/amd64=e linux/arm64=f", b: "linux/amd64=1 linux/arm64=2", c: "linux/arm64=3" };

describe("platforms", () => {
  const pin = async (text: string): Promise<string> =>
    (await run(text, "pin", { "x:1": "a", "x:2": "c", "x:3": "e", "x:4": "d" }, platforms)).said.join();
  test("pinning warns if the index lacks the platform", async () =>
    assert.equal(
      await pin("FROM --platform=linux/s390x x:1\n"),
      "pinned: x:1 is aaaaaaaaaaaa at the fake; but it has no linux/s390x, which --platform requires: it has linux/amd64, linux/arm64",
    ));
  test("pinning doesn't warn if the index has the platform, even by an ARG or another name", async () =>
    assert.equal(
      await pin("ARG P=linux/aarch64\nFROM --platform=$P x:1\n"),
      "pinned: x:1 is aaaaaaaaaaaa at the fake",
    ));
  test("pinning doesn't warn if the platform depends on the build", async () =>
    assert.equal(await pin("FROM --platform=$BUILDPLATFORM x:1\n"), "pinned: x:1 is aaaaaaaaaaaa at the fake"));
  test("pinning reports a single image and an index with a single platform", async () => {
    assert.match(await pin("FROM x:2\n"), /, an index of a single platform \(linux\/arm64\)$/);
    assert.match(
      await pin("FROM --platform=linux/arm64 x:3\n"),
      /, an image of a single platform \(linux\/amd64\); but it has no linux\/arm64, .* it has linux\/amd64$/,
    );
  });
  test("pinning an index of unknown platforms gives no warning", async () =>
    assert.equal(await pin("FROM --platform=linux/s390x x:4\n"), "pinned: x:4 is dddddddddddd at the fake"));
});

describe("update", () => {
  test("an update keeps a pin on its platform", async () => {
    const updated = await run("FROM alpine:3@f\n", "update", { "alpine:3": "b" }, platforms);
    assert.equal(updated.text, expand("FROM alpine:3@2\n"));
    assert.match(updated.said.join(), /^updated: linux\/arm64 of alpine:3 is 222222222222; the pin stays/);
  });
  test("an update doesn't change a pin to one platform of the tag's current index", async () =>
    assert.match(
      (await run("FROM alpine:3@f\n", "update", { "alpine:3": "a" }, platforms)).said.join(),
      /^unchanged: ffffffffffff is linux\/arm64/,
    ));
  test("an update doesn't change a pin to a platform that the tag no longer has", async () =>
    assert.match(
      (await run("FROM alpine:3@e\n", "update", { "alpine:3": "c" }, platforms)).said.join(),
      /^skipped: it is pinned to linux\/amd64, which 3 no longer has/,
    ));
  test("an update follows the tag", () =>
    becomes("update", "FROM alpine:3@a AS x\nFROM b:1\n", "FROM alpine:3@b AS x\nFROM b:1\n", {
      "alpine:3": "b",
      "b:1": "c",
    }));
  test("an update works in an ARG's default", () =>
    becomes("update", "ARG V=3@a\nFROM alpine:$V\n", "ARG V=3@b\nFROM alpine:$V\n", { "alpine:3": "b" }));
  test("an update skips a digest without a tag", async () => {
    assert.match((await run("FROM alpine@a\n", "update", {})).said.join(), /skipped: without a tag/);
  });
  test("an update doesn't change unpinned references", async () => {
    assert.deepEqual((await run("FROM alpine:3\n", "update", { "alpine:3": "a" })).said, [
      "skipped: not pinned; pin it first",
    ]);
  });
});

describe("unpin", () => {
  test("unpinning keeps the tag", () =>
    becomes(
      "unpin",
      'FROM "alpine:3@a" AS x\nCOPY --from=b:1@c /a /b\n',
      'FROM "alpine:3" AS x\nCOPY --from=b:1 /a /b\n',
      {},
    ));
  test("unpinning removes a digest that spans two lines", () =>
    becomes("unpin", `FROM alpine:3@sha256:aaaa\\\n${"a".repeat(60)} AS x\n`, "FROM alpine:3 AS x\n", {}));
  test("pinning and unpinning cancel out", async () => {
    const text = "ARG B=alpine:3\nFROM $B AS x\n";
    const pinned = await run(text, "pin", { "alpine:3": "a" });
    assert.equal((await run(pinned.text, "unpin", {})).text, text);
  });
});

describe("check", () => {
  const check = async (
    text: string,
    tags: Readonly<Record<string, string>>,
    indexes: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const { text: after, said } = await run(text, "check", tags, indexes);
    assert.equal(after, expand(text));
    return said.join();
  };
  test("a digest is unchanged if its tag still points to it", async () =>
    assert.equal(await check("FROM alpine:3@a\n", { "alpine:3": "a" }), "unchanged: 3 still points to aaaaaaaaaaaa"));
  test("a digest has moved if its tag points elsewhere", async () =>
    assert.equal(
      await check("FROM alpine:3@a\n", { "alpine:3": "b", "alpine:2": "a" }),
      "moved: 3 points to bbbbbbbbbbbb now; update the digest",
    ));
  test("a digest is gone if the registry no longer has it", async () =>
    assert.match(
      await check("FROM alpine:3@a\n", { "alpine:3": "b" }),
      /^gone: the registry does not have aaaaaaaaaaaa/,
    ));
  test("a digest has moved if its tag is gone but the digest exists", async () =>
    assert.match(await check("FROM alpine:3@a\n", { "alpine:2": "a" }), /^moved: the tag 3 no longer exists/));
  test("a digest without a tag is unchanged while it exists", async () =>
    assert.equal(await check("FROM alpine@a\n", { "alpine:2": "a" }), "unchanged: aaaaaaaaaaaa exists"));
  test("an image that could be pinned is reported as not pinned", async () =>
    assert.equal(await check("FROM alpine:3\n", {}), "notPinned: not pinned"));
  test("an image that no edit can pin is skipped", async () =>
    assert.match(await check("ARG V=3\nFROM alpine:$V-x\n", {}), /^skipped: can't be pinned: a digest after \$\{V\}/));
  test("an image of one platform is unchanged while the tag's index has it", async () =>
    assert.equal(
      await check("FROM alpine:3@e\n", { "alpine:3": "a" }, platforms),
      "unchanged: eeeeeeeeeeee is linux/amd64 of what 3 points to",
    ));
  test("an image of one platform has moved when the tag's index has another", async () =>
    assert.match(await check("FROM alpine:3@e\n", { "alpine:3": "b" }, platforms), /^moved: 3 points to bbbb/));
});

test("a cancelled plan throws", async () => {
  await assert.rejects(
    planPins(
      { references: findReferences(parse("FROM a:1\n")), mode: "pin", resolver: fakeDigestResolver({}) },
      AbortSignal.abort(),
    ),
    { name: "AbortError" },
  );
});
