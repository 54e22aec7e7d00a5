// Malformed archives, in addition to archive.test.ts: broken parts are reported, and the rest is read.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { openArchive, openArchiveStream, type Archive } from "../../../oci/archive/archive.ts";
import { archiveFolder } from "../../support/images/archiveFolder.ts";
import {
  hybridSave,
  legacySave,
  ociLayout,
  sha256,
  type ArchiveFiles,
  type ArchiveImage,
} from "../../support/images/archiveFiles.ts";
import { tarOf } from "../../support/images/tarBytes.ts";

const { signal } = new AbortController();
const { folder, save, saveFolder, openFiles, opened } = archiveFolder();
const image: ArchiveImage = { layers: [{ a: "1" }, { b: "2" }], tags: ["tiny:1"] };
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const indexType = "application/vnd.oci.image.index.v1+json";

const kinds = (archive: Archive): readonly string[] =>
  archive.images().map(({ image: it }) => (it.ok ? "ok" : it.error.kind));

async function failureOf(files: ArchiveFiles): Promise<string> {
  const archive = await openArchive(save(tarOf(files)), {}, signal);
  if (!archive.ok) return `${archive.error.kind}: ${archive.error.message}`;
  await archive.value.close();
  return kinds(archive.value).join();
}

/** The path of the only blob whose text contains this. */
function blobWith(files: ArchiveFiles, text: string): string {
  const paths = Object.keys(files).filter((path) => path.startsWith("blobs/") && String(files[path]).includes(text));
  assert.equal(paths.length, 1, text);
  return paths[0] ?? "";
}

/** The layout with its own descriptors and the given ones. */
function withEntries(layout: ArchiveFiles, entries: readonly object[]): ArchiveFiles {
  const index = JSON.parse(String(layout["index.json"])) as { manifests: object[] };
  return { ...layout, "index.json": JSON.stringify({ ...index, manifests: [...index.manifests, ...entries] }) };
}

function document(
  files: ArchiveFiles,
  value: object,
): { readonly digest: string; readonly size: number; readonly mediaType: string } {
  const text = JSON.stringify(value);
  files[`blobs/sha256/${sha256(text)}`] = text;
  return {
    digest: `sha256:${sha256(text)}`,
    size: text.length,
    mediaType: "manifests" in value ? indexType : manifestType,
  };
}

describe("archive entries that are not images are reported by kind", () => {
  const empty = { mediaType: "application/vnd.oci.empty.v1+json", digest: `sha256:${sha256("{}")}`, size: 2 };
  test("an archive with only an artifact reports its kind", async () => {
    const files: Record<string, string | Buffer> = { [`blobs/sha256/${sha256("{}")}`]: "{}" };
    const artifact = document(files, { artifactType: "application/vnd.acme.chart", config: empty, layers: [] });
    files["index.json"] = JSON.stringify({ manifests: [artifact] });
    assert.equal(
      await failureOf(files),
      "unsupported: it contains no image, only an artifact of the type application/vnd.acme.chart",
    );
  });
  test("an archive with only attestations, stored or just listed, reports them", async () => {
    for (const isHeld of [true, false]) {
      const files: Record<string, string | Buffer> = {};
      const statement = document(files, { config: empty, layers: [] });
      const platform = { os: "unknown", architecture: "unknown" };
      files["index.json"] = JSON.stringify({ manifests: [{ ...statement, platform }] });
      if (!isHeld) delete files[`blobs/${statement.digest.replace(":", "/")}`];
      assert.match(await failureOf(files), /^unsupported: it contains no image, only attestations/);
    }
  });
  test("a save without its config lists its image once", async () => {
    const files: Record<string, string | Buffer> = { ...hybridSave(image) };
    delete files[blobWith(files, '"rootfs"')];
    assert.equal(await failureOf(files), "notFound");
  });
});

describe("one broken image doesn't affect the others of its archive", () => {
  const other: ArchiveImage = { layers: [{ c: "3" }], tags: ["other:1"], config: { author: "the other" } };
  const layout = ociLayout([image, other]);
  for (const [what, text, change, expected] of [
    ["a missing config", '"the other"', () => undefined, "notFound"],
    [
      "a config with another digest",
      '"the other"',
      (text: string) => text.replace("the other", "an other"),
      "digestMismatch",
    ],
    [
      "a manifest with another digest",
      sha256(layout[blobWith(layout, '"the other"')] ?? ""),
      (text: string) => `${text} `,
      "digestMismatch",
    ],
    ["a missing manifest", sha256(layout[blobWith(layout, '"the other"')] ?? ""), () => undefined, "notFound"],
  ] as const) {
    test(what, async () => {
      const path = blobWith(layout, text);
      const { [path]: content, ...rest } = layout;
      const changed = change(String(content));
      assert.deepEqual(kinds(await openFiles(changed === undefined ? rest : { ...rest, [path]: changed })), [
        "ok",
        expected,
      ]);
    });
  }
});

describe("configs that don't match their layers", () => {
  const read = async (config: Readonly<Record<string, unknown>>): Promise<readonly [string, readonly unknown[]]> => {
    const archive = await openFiles(ociLayout([{ ...image, config }]));
    const found = await archive.image("", {}, signal);
    assert.ok(found.ok, found.ok ? "" : found.error.message);
    const layers = await archive.layers(found.value, {}, signal);
    assert.ok(layers.ok);
    return [
      found.value.historyPairing,
      found.value.layers.map(({ diffId, digest, step }) => [
        digest !== undefined,
        step !== undefined,
        layers.value.problems?.get(diffId)?.kind,
      ]),
    ];
  };
  test("if a config has more or fewer steps than layers, steps aren't assigned and all layers are read", async () => {
    const unpaired = [
      [true, false, undefined],
      [true, false, undefined],
    ];
    for (const count of [1, 3])
      assert.deepEqual(await read({ history: Array.from({ length: count }, () => ({ created_by: "x" })) }), [
        "none",
        unpaired,
      ]);
  });
  test("if config and manifest have different numbers of layers, blobs aren't assigned", async () => {
    for (const diffs of [["x"], ["x", "y", "z"]]) {
      const [, layers] = await read({
        rootfs: { type: "layers", diff_ids: diffs.map((text) => `sha256:${sha256(text)}`) },
      });
      assert.deepEqual(
        layers,
        diffs.map(() => [false, false, "badArchive"]),
      );
    }
  });
  test("a history of ten megabytes is read", async () => {
    const empty = Array.from({ length: 10_000 }, (_, index) => ({
      created_by: `${index} ${"x".repeat(1000)}`,
      empty_layer: true,
    }));
    assert.deepEqual(await read({ history: [{ created_by: "a" }, ...empty, { created_by: "b" }] }), [
      "exact",
      [
        [true, true, undefined],
        [true, true, undefined],
      ],
    ]);
  });
});

describe("documents that are too large", () => {
  test("an index of a hundred thousand images is cut, and the cut is reported", async () => {
    const entries = Array.from({ length: 100_000 }, (_, index) => ({
      mediaType: manifestType,
      digest: `sha256:${String(index).padStart(64, "0")}`,
      size: 10,
    }));
    const archive = await openFiles(withEntries(ociLayout([image]), entries));
    assert.equal(archive.images().length, 10_001);
    const [first] = archive.images();
    const last = archive.images().at(-1);
    assert.ok(first?.image.ok);
    assert.match(
      last?.image.ok === false ? `${last.image.error.kind}: ${last.image.error.message}` : "",
      /^tooLarge: .* lists more than 10000 images; the rest is not read$/,
    );
    assert.ok((await archive.image("tiny:1", {}, signal)).ok);
  });
  test("a config outside of the archive is named, and the archive's other images are read", async () => {
    const files = legacySave(image);
    const [entry] = JSON.parse(String(files["manifest.json"])) as object[];
    const evil = { ...entry, Config: "../../etc/passwd", RepoTags: null };
    const archive = await openFiles({ ...files, "manifest.json": JSON.stringify([evil, entry]) });
    const [first, second] = archive.images();
    assert.match(
      first?.image.ok === false ? first.image.error.message : "",
      /^\.\.\/\.\.\/etc\/passwd is not a path inside /,
    );
    assert.equal(second?.image.ok, true);
  });
  test("a manifest.json that names one large config repeatedly reaches a limit", async () => {
    const archive = await openFiles({
      "manifest.json": JSON.stringify(new Array(40).fill({ Config: "large", RepoTags: null, Layers: [] })),
      large: Buffer.alloc(16 * 1024 * 1024, "x"),
    });
    assert.deepEqual([...new Set(kinds(archive))], ["badArchive", "tooLarge"]);
  });
  test("a manifest.json of a hundred thousand images is cut", async () => {
    const archive = await openFiles({
      "manifest.json": JSON.stringify(
        Array.from({ length: 100_000 }, (_, index) => ({ Config: `${index}.json`, RepoTags: [], Layers: [] })),
      ),
    });
    assert.equal(archive.images().length, 10_001);
  });
  test("an index that lists the same index ten thousand times is read once", async () => {
    const files = { ...ociLayout([image]) };
    const [manifest] = (JSON.parse(String(files["index.json"])) as { manifests: { annotations?: object }[] }).manifests;
    const inner = document(files, {
      manifests: Array.from({ length: 5000 }, () => ({ ...manifest, annotations: {} })),
    });
    const outer = document(files, { manifests: Array.from({ length: 5000 }, () => inner) });
    const archive = await openFiles({
      ...files,
      "index.json": JSON.stringify({ manifests: Array.from({ length: 5000 }, () => outer) }),
    });
    assert.deepEqual(kinds(archive), ["ok"]);
    const only = await archive.image("", {}, signal);
    assert.equal(only.ok && only.value.indexDigest, outer.digest);
  });
  test("nested indexes end at a limit, and that is reported", async () => {
    const files = { ...ociLayout([image]) };
    let descriptor: object = document(files, { manifests: [] });
    for (let depth = 0; depth < 10; depth++)
      descriptor = document(files, { manifests: [descriptor], annotations: { depth: String(depth) } });
    assert.deepEqual(kinds(await openFiles(withEntries(files, [descriptor]))), ["ok", "tooLarge"]);
  });
  test("JSON nested a hundred thousand levels deep is an error", async () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    assert.match(
      await failureOf({ "index.json": `{"manifests":${deep}}` }),
      /^badArchive: index\.manifests\[0\]: expected an object/,
    );
    assert.match(await failureOf({ "manifest.json": deep }), /^badArchive: manifest\[0\]: expected an object/);
    const config = `{"rootfs":{"diff_ids":[]},"history":[{"created_by":${deep}}]}`;
    assert.equal(
      await failureOf({
        "c.json": config,
        "manifest.json": JSON.stringify([{ Config: "c.json", RepoTags: null, Layers: [] }]),
      }),
      "badArchive",
    );
  });
  test("a document over the size limit is an error", async () => {
    assert.match(
      await failureOf({ "index.json": " ".repeat(17 * 1024 * 1024) }),
      /^tooLarge: it has 17825792 bytes; at most 16777216 are read$/,
    );
  });
});

describe("compressed archives that unpack to far more reach a limit", () => {
  const zeros = Buffer.alloc(20_000_000);
  async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
    yield await Promise.resolve(bytes);
  }
  for (const [name, bytes] of [
    ["gzip", gzipSync(zeros)],
    ["zstd", zstdCompressSync(zeros)],
  ] as const) {
    test(name, async () => {
      const spoolFolder = mkdtempSync(join(folder, "spool-"));
      const archive = await openArchiveStream(
        chunks(bytes),
        { what: "bomb", folder: spoolFolder, maxBytes: 1_000_000 },
        { signal },
      );
      assert.match(
        archive.ok ? "" : `${archive.error.kind}: ${archive.error.message}`,
        /^tooLarge: it unpacks to more than the 1\.00 MB allowed in .*spool-/,
      );
      assert.deepEqual(readdirSync(spoolFolder), []);
    });
  }
  test("an archive can't be unpacked into a missing folder", async () => {
    const archive = await openArchive(
      save(gzipSync(tarOf(legacySave(image)))),
      { spoolFolder: join(folder, "nowhere") },
      signal,
    );
    assert.match(
      archive.ok ? "" : `${archive.error.kind}: ${archive.error.message}`,
      /^unauthorized: can't unpack into .*nowhere \(ENOENT\); make it writable/,
    );
  });
});

test("links of a folder that are circular or lead out of it are not followed", async () => {
  const [round, out] = ["1".repeat(64), "2".repeat(64)];
  const layout = withEntries(
    ociLayout([image]),
    [round, out].map((hex) => ({ mediaType: manifestType, digest: `sha256:${hex}`, size: 1 })),
  );
  const outside = save(Buffer.from("{}"));
  const archive = await opened(
    saveFolder({ ...layout, [`blobs/sha256/${round}`]: `-> ${round}`, [`blobs/sha256/${out}`]: `-> ${outside}` }),
  );
  assert.deepEqual(kinds(archive), ["ok", "notFound", "notFound"]);
});

test(
  "an archive is closed again if its opening is cancelled",
  { skip: process.platform === "linux" ? false : "needs /proc" },
  async () => {
    const spoolFolder = mkdtempSync(join(folder, "cancelled-"));
    const bytes = tarOf(legacySave(image));
    const held = (): readonly string[] =>
      readdirSync("/proc/self/fd")
        .map(targetOf)
        .filter((path) => path.startsWith(folder));
    const before = held();
    for (const archive of [bytes, gzipSync(bytes)]) {
      await assert.rejects(openArchive(save(archive), { spoolFolder }, AbortSignal.abort()), { name: "AbortError" });
      assert.deepEqual(held(), before);
    }
  },
);

/** The target of a descriptor of this process; empty if it is gone meanwhile, like the listing's own. */
function targetOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return "";
  }
}
