import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { groupByBase } from "../../../oci/images/baseGroups.ts";
import type { DiffId } from "../../../oci/core/digest.ts";
import { baseOf, createLineage, derivedOf, type LineageImage } from "../../../oci/images/lineage.ts";

const digestA = `sha256:${"a".repeat(64)}`;
const digestB = `sha256:${"b".repeat(64)}`;

interface Extra {
  readonly name?: string;
  /** The base's name in a label. */
  readonly label?: string;
  readonly architecture?: string;
  readonly digest?: string;
  readonly repoDigests?: readonly string[];
  readonly tags?: readonly string[];
}

/** Parses `id tag: layer layer / step, step`; a tag of `-` means none; `extra` is by ID. */
function images(text: string, extra: Readonly<Record<string, Extra>> = {}): readonly LineageImage[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [, id = "", tag = "", layers = "", steps = ""] = /^\s*(\S+) (\S+):([^/]*)(?:\/(.*))?$/.exec(line) ?? [];
      const { name, digest, label, architecture, repoDigests = [], tags } = extra[id] ?? {};
      return {
        id,
        tags: tags ?? (tag === "-" ? [] : [tag]),
        repoDigests,
        diffIds: words(layers).map((layer) => `sha256:${layer}` as DiffId),
        steps: steps
          .split(",")
          .map((step) => step.trim())
          .filter((step) => step !== ""),
        annotations: texts({ name, digest }),
        labels: texts({ name: label }),
        ...(architecture !== undefined && { platform: { os: "linux", architecture } }),
      };
    });
}

function texts(record: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      value === undefined ? [] : [[`org.opencontainers.image.base.${name}`, value]],
    ),
  );
}

function words(text: string): readonly string[] {
  return text.split(" ").filter((word) => word !== "");
}

/** Checks the base of the last image among all, including itself, in any order. */
function checkBase(all: readonly LineageImage[], expected: string): void {
  const own = all.at(-1);
  assert.ok(own);
  for (const others of [all, [...all].reverse()]) {
    const base = baseOf(own, others);
    const words = base && [
      base.confidence,
      base.imageId ?? "elsewhere",
      base.name ?? "nameless",
      base.layerCount ?? "?",
    ];
    assert.equal(words?.join(" ") ?? "unknown", expected);
  }
}

test("the base is the image with the longest chain of our lowest layers", () => {
  checkBase(
    images("a debian:12: base\nb node:24: base node\nc -: base other\nx app:1: base node app"),
    "layers b node:24 2",
  );
});

test("an image with a layer that we don't have is not a base", () => {
  checkBase(images("a one:1: base other\nb two:1: other\nx app:1: base app"), "unknown");
});

test("an image without layers is not a base and has none", () => {
  checkBase(images("a empty:1: / ENV a\nx app:1: app / ENV a, COPY app"), "unknown");
  checkBase(images("a app:1: app / COPY app\nx empty:1: / ENV a"), "unknown");
});

test("of images with the same layers, the base is the nearest whose steps begin ours", () => {
  checkBase(
    images(
      "a one:1: base / ADD base\nb two:1: base / ADD base, CMD a\nc three:1: base / ADD base, CMD b\nx app:1: base / ADD base, CMD a, ENV x",
    ),
    "layers b two:1 1",
  );
  checkBase(images("a one:1: base / ADD base, CMD a\nx app:1: base / ADD base, CMD a"), "unknown");
  checkBase(images("a one:1: base\nx app:1: base / ADD base"), "unknown");
});

test("lower layers of several images are attributed to the image whose steps begin ours", () => {
  checkBase(
    images("a aaa:1: base / ADD base, CMD b\nb bbb:1: base / ADD base\nx app:1: base app / ADD base, COPY app"),
    "layers b bbb:1 1",
  );
});

test("of equally good bases, the tagged one is chosen, then the first by name", () => {
  checkBase(images("a -: base\nb zz:1: base\nc bb:1: base\nx app:1: base app"), "layers c bb:1 1");
  checkBase(images("b -: base\na -: base\nx app:1: base app"), "layers a nameless 1");
});

test("an image with several tags is called by the first in order", () => {
  checkBase(
    images("a -: base\nx app:1: base app", { a: { tags: ["debian:latest", "debian:12"] } }),
    "layers a debian:12 1",
  );
});

test("a recorded base with matching layers is exact", () => {
  const text = "a debian:12: base\nb between:1: base mid\nx app:1: base mid app";
  checkBase(images(text, { x: { name: "docker.io/library/debian:12" } }), "exact a docker.io/library/debian:12 1");
  checkBase(images(text, { x: { digest: digestA }, a: { repoDigests: [`debian@${digestA}`] } }), "exact a debian:12 1");
});

test("a name without a tag means latest", () => {
  checkBase(images("a debian:latest: base\nx app:1: base app", { x: { name: "debian" } }), "exact a debian 1");
});

test("a recorded digest finds the base after its tag has moved", () => {
  const all = images("a -: base\nb debian:12: newer\nx app:1: base app", {
    x: { name: "debian:12", digest: digestA },
    a: { repoDigests: [`debian@${digestA}`] },
  });
  checkBase(all, "exact a debian:12 1");
});

test("a recorded base with other layers is contradicted", () => {
  checkBase(
    images("a debian:12: base newer\nx app:1: base app", { x: { name: "debian:12", digest: digestA } }),
    "contradicted a debian:12 1",
  );
});

test("a recorded base that is not here is reported as recorded", () => {
  checkBase(
    images("a debian:11: base\nx app:1: base app", { x: { name: "debian:12" } }),
    "recorded elsewhere debian:12 ?",
  );
  checkBase(
    images("a debian:11: base\nx app:1: base app", { x: { name: "scratch", digest: digestB } }),
    "recorded elsewhere scratch ?",
  );
  checkBase(images("x app:1: app", { x: { name: "::not a name::" } }), "recorded elsewhere ::not a name:: ?");
});

test("a base that is here only for another platform can't be compared", () => {
  const text = "a debian:12: arm\nx app:1: amd app";
  checkBase(
    images(text, { a: { architecture: "arm64" }, x: { architecture: "amd64", name: "debian:12" } }),
    "recorded elsewhere debian:12 ?",
  );
  checkBase(
    images(text, {
      a: { architecture: "arm64", repoDigests: [`debian@${digestA}`] },
      x: { architecture: "amd64", digest: digestA },
    }),
    "recorded elsewhere nameless ?",
  );
});

test("a label that the nearest image also has is inherited and ignored", () => {
  const text = "a minideb:1: base\nb postgres:1: base pg\nx app:1: base pg app";
  checkBase(images(text, { b: { label: "minideb:1" }, x: { label: "minideb:1" } }), "layers b postgres:1 2");
  checkBase(images(text, { b: { label: "gone:1" }, x: { label: "gone:1" } }), "layers b postgres:1 2");
  checkBase(images(text, { x: { label: "minideb:1" } }), "exact a minideb:1 1");
  checkBase(images(text, { b: { label: "other:1" }, x: { label: "minideb:1" } }), "exact a minideb:1 1");
});

test("an annotation is about its own image and overrides a label", () => {
  const text = "a minideb:1: base\nb postgres:1: base pg\nx app:1: base pg app";
  checkBase(
    images(text, { b: { name: "minideb:1" }, x: { name: "minideb:1", label: "gone:1" } }),
    "exact a minideb:1 1",
  );
});

test("an invalid digest is ignored as a record", () => {
  checkBase(images("a debian:12: base\nx app:1: base app", { x: { digest: "latest" } }), "layers a debian:12 1");
});

test("an image that records itself is not its own base", () => {
  checkBase(
    images("x app:1: app", { x: { name: "app:1", digest: digestA, repoDigests: [`app@${digestA}`] } }),
    "recorded elsewhere app:1 ?",
  );
});

test("derived images are listed nearest first", () => {
  const all = images(
    "x debian:12: base / ADD base\na far:1: base m n / ADD base, M, N\nb near:1: base m / ADD base, M\nc -: base m / ADD base, M\nd other:1: other\ne env:1: base / ADD base, ENV\nf twin:1: base / ADD base",
  );
  const [own] = all;
  assert.ok(own);
  assert.deepEqual(
    derivedOf(own, all).map(({ id }) => id),
    ["e", "b", "c", "a"],
  );
});

test("no image is derived from one without layers or with other lowest layers", () => {
  const all = images("x empty:1:\na app:1: app");
  const [empty, app] = all;
  assert.ok(empty && app);
  assert.deepEqual([derivedOf(empty, all), derivedOf(app, all)], [[], []]);
});

test("images are grouped by base, with contradicted records separate", () => {
  const all = images("a debian:12: base\nb one:1: base b\nc two:1: base c\nd old:1: older d\ne far:1: far", {
    c: { name: "debian:12" },
    d: { name: "debian:12" },
    e: { name: "gone:1" },
  });
  const groups = groupByBase(all).map(
    ({ base, members }) =>
      `${base?.name ?? "unknown"} ${base?.imageId ?? "-"}: ${members.map(({ image, base: own }) => `${image.id} ${own?.confidence ?? "unknown"}`).join(", ")}`,
  );
  assert.deepEqual(groups, [
    "unknown -: a unknown",
    "debian:12 a: b layers, c exact",
    "debian:12 -: d contradicted",
    "gone:1 -: e recorded",
  ]);
});

/** Short stacks of few layers and steps, so that many continue others. */
const randomImages: fc.Arbitrary<readonly LineageImage[]> = fc
  .array(
    fc.record({
      layers: fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 4 }),
      steps: fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 4 }),
      isTagged: fc.boolean(),
    }),
    { maxLength: 14 },
  )
  .map((all) =>
    all.map(({ layers, steps, isTagged }, index) => ({
      id: `i${index}`,
      tags: isTagged ? [`t:${index}`] : [],
      repoDigests: [],
      diffIds: layers.map((layer) => `sha256:${layer}` as DiffId),
      steps: steps.map(String),
      annotations: {},
    })),
  );

function startsWith(list: readonly string[], start: readonly string[]): boolean {
  return start.length <= list.length && start.every((item, index) => item === list[index]);
}

function goesOn(list: readonly string[], start: readonly string[]): boolean {
  return start.length > 0 && start.length < list.length && startsWith(list, start);
}

/** Most layers first, then most steps that begin ours, then tagged, name, ID. */
function naiveBase(image: LineageImage, others: readonly LineageImage[]): string | undefined {
  const rank = (other: LineageImage): readonly (number | string)[] => [
    -other.diffIds.length,
    goesOn(image.steps, other.steps) ? -other.steps.length : 0,
    other.tags.length === 0 ? 1 : 0,
    other.tags[0] ?? "",
    other.id,
  ];
  const fitting = others.filter(
    (other) =>
      other.id !== image.id &&
      other.diffIds.length > 0 &&
      startsWith(image.diffIds, other.diffIds) &&
      (other.diffIds.length < image.diffIds.length || goesOn(image.steps, other.steps)),
  );
  return fitting.sort((a, b) => compareLists(rank(a), rank(b)))[0]?.id;
}

function compareLists(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1;
}

test("bases and derived images match the definition", () => {
  fc.assert(
    fc.property(randomImages, (all) => {
      const lineage = createLineage(all);
      for (const image of all) {
        assert.equal(lineage.baseOf(image)?.imageId, naiveBase(image, all));
        const derived = all.filter(
          (other) =>
            other.id !== image.id &&
            image.diffIds.length > 0 &&
            startsWith(other.diffIds, image.diffIds) &&
            (other.diffIds.length > image.diffIds.length || goesOn(other.steps, image.steps)),
        );
        assert.deepEqual(
          lineage
            .derivedOf(image)
            .map(({ id }) => id)
            .sort(),
          derived.map(({ id }) => id).sort(),
        );
      }
    }),
  );
});
