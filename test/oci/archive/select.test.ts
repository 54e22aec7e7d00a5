import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPlatform, parsePlatform } from "../../../oci/core/platform.ts";
import type { Archive } from "../../../oci/archive/archive.ts";
import { splitArchiveReference } from "../../../oci/archive/select.ts";
import { archiveFolder } from "../../support/images/archiveFolder.ts";
import { hybridSave, legacySave, ociLayout, sha256, type ArchiveImage } from "../../support/images/archiveFiles.ts";
import { tarOf } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();
const { openFiles } = archiveFolder();
const image: ArchiveImage = { layers: [{ a: "1" }, { b: "2" }, { c: "3" }], tags: ["tiny:1"] };

const names = (archive: Archive): string[] =>
  archive
    .images()
    .map(
      ({ tags, platform, image: it }) =>
        `${tags.join()} ${platform ? formatPlatform(platform) : "?"} ${it.ok ? it.value.layers.length : it.error.kind}`,
    );

test("a reference is split at the longest path that exists", async () => {
  const split = async (written: string, ...paths: readonly string[]): Promise<string> => {
    const {
      path,
      image: name,
      platform,
    } = await splitArchiveReference(written, (candidate) => Promise.resolve(paths.includes(candidate)));
    return `${path} | ${name} | ${platform ? formatPlatform(platform) : ""}`;
  };
  assert.equal(await split("a.tar", "a.tar"), "a.tar |  | ");
  assert.equal(await split("a.tar#x:1@linux/arm64", "a.tar"), "a.tar | x:1 | linux/arm64");
  assert.equal(await split("a.tar@linux/arm64", "a.tar"), "a.tar |  | linux/arm64");
  assert.equal(await split("a#b.tar#x", "a#b.tar", "a"), "a#b.tar | x | ");
  assert.equal(await split("a@linux/amd64", "a@linux/amd64", "a"), "a@linux/amd64 |  | ");
  assert.equal(await split("gone#x"), "gone#x |  | ");
  assert.equal(await split(`a#x@sha256:${"0".repeat(64)}`, "a"), `a | x@sha256:${"0".repeat(64)} | `);
});

test("an archive with several images lists them all and requires a choice", async () => {
  const other: ArchiveImage = { layers: [{ b: "2" }], tags: ["other:2", "other:latest"] };
  for (const content of [
    legacySave(image, other),
    hybridSave(image, other),
    ociLayout([image, other], { names: "containerd" }),
  ]) {
    const archive = await openFiles(content);
    assert.deepEqual(names(archive), ["tiny:1 linux/amd64 3", "other:2,other:latest linux/amd64 1"]);
    const which = await archive.image("", {}, signal);
    assert.ok(!which.ok && which.error.kind === "badReference");
    assert.match(which.error.message, /several images; choose one with #: #tiny:1 \(linux\/amd64\), #other:2/);
    for (const selector of ["other:2", "other", "docker.io/library/other", "1"]) {
      const found = await archive.image(selector, {}, signal);
      assert.ok(found.ok, selector);
      assert.deepEqual(found.value.tags, ["other:2", "other:latest"]);
      const byId = await archive.image(found.value.id.slice(7, 19), {}, signal);
      assert.ok(byId.ok);
      assert.equal(byId.value.id, found.value.id);
    }
    const none = await archive.image("third", {}, signal);
    assert.ok(!none.ok && none.error.kind === "notFound");
    const list = await archive.list(signal);
    assert.ok(list.ok);
    assert.deepEqual(
      list.value.map(({ tags }) => tags.join()),
      ["tiny:1", "other:2,other:latest"],
    );
  }
});

test("two manifests with the same config are two images, each selectable by its row", async () => {
  const [gzip, zstd] = (["gzip", "zstd"] as const).map((compression) =>
    ociLayout([{ ...image, tags: [`${compression}:1`] }], { compression }),
  );
  const entries = [gzip, zstd].flatMap(
    (files) => JSON.parse(String(files?.["index.json"])).manifests as readonly { readonly digest: string }[],
  );
  const archive = await openFiles({
    ...gzip,
    ...zstd,
    "index.json": JSON.stringify({ schemaVersion: 2, manifests: entries }),
  });
  const list = await archive.list(signal);
  assert.ok(list.ok);
  assert.deepEqual(
    list.value.map(({ id }) => id),
    entries.map(({ digest }) => digest),
  );
  for (const [index, { id }] of list.value.entries()) {
    const opened = await archive.image(id, {}, signal);
    assert.equal(opened.ok && opened.value.manifestDigest, entries[index]?.digest);
    const read = opened.ok ? await archive.layers(opened.value, {}, signal) : opened;
    assert.equal(read.ok && read.value.image.manifestDigest, entries[index]?.digest);
  }
  const items = entries.map(({ digest }, index) => {
    const { config, layers } = JSON.parse(String({ ...gzip, ...zstd }[`blobs/${digest.replace(":", "/")}`])) as {
      readonly config: { readonly digest: string };
      readonly layers: readonly { readonly digest: string }[];
    };
    return {
      Config: `blobs/${config.digest.replace(":", "/")}`,
      RepoTags: [`name:${index}`],
      Layers: layers.map((layer) => `blobs/${layer.digest.replace(":", "/")}`),
    };
  });
  const saved = await openFiles({
    ...gzip,
    ...zstd,
    "index.json": JSON.stringify({ schemaVersion: 2, manifests: entries }),
    "manifest.json": JSON.stringify(items),
  });
  assert.deepEqual(names(saved), ["name:0,gzip:1 linux/amd64 3", "name:1,zstd:1 linux/amd64 3"]);
});

test("a list has labels and the size of blobs, each counted once", async () => {
  const twice: ArchiveImage = {
    layers: [{ a: "1" }, { b: "2" }, { a: "1" }],
    config: { config: { Labels: { a: "b" } } },
  };
  const archive = await openFiles(ociLayout([twice], { compression: "none" }));
  const list = await archive.list(signal);
  assert.deepEqual(list.ok && list.value.map(({ blobBytes, labels }) => [blobBytes, labels]), [
    [2 * tarOf({ a: "1" }).length, { a: "b" }],
  ]);
});

test("the size of a blob comes from the archive, not from the manifest", async () => {
  const layout = ociLayout([{ layers: [{ a: "1" }] }], { compression: "none" });
  const length = tarOf({ a: "1" }).length;
  const [entry] = (
    JSON.parse(String(layout["index.json"])) as { readonly manifests: readonly { readonly digest: string }[] }
  ).manifests;
  const lie = String(layout[`blobs/${entry?.digest.replace(":", "/")}`]).replace(`"size":${length}`, '"size":7');
  const manifests = [{ ...entry, digest: `sha256:${sha256(lie)}`, size: lie.length }];
  const archive = await openFiles({
    ...layout,
    [`blobs/sha256/${sha256(lie)}`]: lie,
    "index.json": JSON.stringify({ schemaVersion: 2, manifests }),
  });
  const list = await archive.list(signal);
  assert.deepEqual(list.ok && list.value.map(({ blobBytes }) => blobBytes), [length]);
});

test("the platforms of one index are one image, and attestations are left out", async () => {
  const arm: ArchiveImage = { layers: [{ arm: "1" }], platform: { os: "linux", architecture: "arm64", variant: "v8" } };
  const archive = await openFiles(ociLayout([image, arm], { isIndex: true }));
  assert.deepEqual(names(archive), ["tiny:1 linux/amd64 3", "tiny:1 linux/arm64/v8 1"]);
  const list = await archive.list(signal);
  assert.equal(list.ok && list.value.length, 1);
  const platform = parsePlatform("linux/aarch64");
  assert.ok(platform && list.ok);
  for (const selector of ["", "tiny:1", list.value[0]?.id ?? ""]) {
    const chosen = await archive.image(selector, { platform }, signal);
    assert.ok(chosen.ok);
    assert.equal(chosen.value.layers.length, 1);
  }
  const none = await archive.image("", { platform: { os: "windows", architecture: "amd64" } }, signal);
  assert.match(
    none.ok ? "" : none.error.message,
    /no image for windows\/amd64; it has #tiny:1 \(linux\/amd64\), #tiny:1 \(linux\/arm64\/v8\)/,
  );
  await archive.close();
});
