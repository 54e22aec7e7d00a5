import assert from "node:assert/strict";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { DiffId } from "../../../oci/core/digest.ts";
import { createLayerCache } from "../../../oci/source/layerCache.ts";
import { layer } from "../../support/images/layerText.ts";

const parent = mkdtempSync(join(tmpdir(), "imagewright-cache-test-"));
after(() => rmSync(parent, { recursive: true }));

const newFolder = (): string => mkdtempSync(join(parent, "cache-"));
const id = (letter: string): DiffId => `sha256:${letter.repeat(64)}` as DiffId;
const content = layer("etc/\netc/passwd 10 #x cap\n-gone\nvar/ !");

test("a stored layer is returned, and others aren't", async () => {
  const cache = createLayerCache();
  await cache.set(id("a"), content);
  assert.equal(await cache.get(id("a")), content);
  assert.equal(await cache.get(id("b")), undefined);
});

test("the least recently used layers are evicted from memory", async () => {
  const cache = createLayerCache({ memoryBytes: 3000 });
  const two = layer("a 1\nb 2");
  for (const letter of ["a", "b"]) await cache.set(id(letter), two);
  await cache.get(id("a"));
  await cache.set(id("c"), two);
  assert.deepEqual(
    await Promise.all(["a", "b", "c"].map(async (letter) => (await cache.get(id(letter))) !== undefined)),
    [true, false, true],
  );
  await cache.set(id("d"), layer(Array.from({ length: 50 }, (_, index) => `f${index} 1`).join("\n")));
  assert.equal(await cache.get(id("d")), undefined);
});

test("layers on disk outlive the process", async () => {
  const folder = newFolder();
  await createLayerCache({ folder }).set(id("a"), content);
  assert.deepEqual(await createLayerCache({ folder }).get(id("a")), content);
});

test("a damaged or foreign cache file is dropped", async () => {
  const folder = newFolder();
  const first = createLayerCache({ folder });
  for (const letter of ["a", "b", "c", "d"]) await first.set(id(letter), content);
  const path = (letter: string): string =>
    join(folder, readdirSync(folder).find((name) => name.includes(letter.repeat(64))) ?? "");
  const bytes = readFileSync(path("a"));
  writeFileSync(path("a"), bytes.subarray(0, bytes.length / 2));
  writeFileSync(path("b"), "nonsense");
  writeFileSync(path("c"), bytes);
  // A flipped bit in the stored checksum, or in the content.
  const flipped = readFileSync(path("d"));
  flipped.writeUInt8((flipped.at(-6) ?? 0) ^ 1, flipped.length - 6);
  writeFileSync(path("d"), flipped);
  const second = createLayerCache({ folder });
  for (const letter of ["a", "b", "c", "d"]) assert.equal(await second.get(id(letter)), undefined, letter);
  assert.deepEqual(readdirSync(folder), []);
});

test("the least recently used layers and drafts of crashed writers are evicted from disk", async () => {
  const folder = newFolder();
  const cache = createLayerCache({ folder });
  await cache.set(id("a"), content);
  const [name = ""] = readdirSync(folder);
  const size = readFileSync(join(folder, name)).length;
  utimesSync(join(folder, name), new Date(1000), new Date(1000));
  writeFileSync(join(folder, `${name}.draft`), "x");
  utimesSync(join(folder, `${name}.draft`), new Date(1000), new Date(1000));
  const small = createLayerCache({ folder, diskBytes: size * 1.5 });
  await small.set(id("b"), content);
  assert.deepEqual(
    readdirSync(folder).map((file) => file.slice(7, 8)),
    ["b"],
  );
});

test("a cache folder that can't be written degrades to no caching", async () => {
  const file = join(newFolder(), "file");
  writeFileSync(file, "");
  const cache = createLayerCache({ folder: join(file, "below") });
  await cache.set(id("a"), content);
  assert.equal(await cache.get(id("a")), content);
  assert.equal(await cache.get(id("b")), undefined);
});

test("whichever bit of a stored layer flips, the layer is read again rather than shown", async () => {
  const folder = newFolder();
  await createLayerCache({ folder }).set(id("a"), content);
  const path = join(folder, readdirSync(folder)[0] ?? "");
  const bytes = readFileSync(path);
  for (let bit = 0; bit < bytes.length * 8; bit += 3) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(path, flipped);
    assert.equal(await createLayerCache({ folder }).get(id("a")), undefined, `bit ${bit}`);
  }
  await createLayerCache({ folder }).set(id("a"), content);
  assert.deepEqual(await createLayerCache({ folder }).get(id("a")), content);
});

test(
  "a cache is private, and one that others can access is not used",
  { skip: process.platform === "win32" },
  async () => {
    const folder = join(newFolder(), "made");
    await createLayerCache({ folder }).set(id("a"), content);
    const [name = ""] = readdirSync(folder);
    assert.deepEqual([statSync(folder).mode & 0o777, statSync(join(folder, name)).mode & 0o777], [0o700, 0o600]);
    for (const mode of [0o755, 0o720, 0o701]) {
      chmodSync(folder, mode);
      assert.equal(await createLayerCache({ folder }).get(id("a")), undefined, mode.toString(8));
      await createLayerCache({ folder }).set(id("b"), content);
      assert.deepEqual(readdirSync(folder), [name]);
    }
    chmodSync(folder, 0o700);
    assert.deepEqual(await createLayerCache({ folder }).get(id("a")), content);
  },
);
