// Measures how fast a layer is read, indexed, stacked, compared and stored. IMAGEWRIGHT_BENCH_MB and
// IMAGEWRIGHT_BENCH_ENTRIES set its size; 1250 MB and 60,000 entries make a large image. All data is generated, nothing
// is downloaded.
import { createHash } from "node:crypto";
import { mkdtempSync, openSync, rmSync, statSync, writeSync, closeSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGzip, constants } from "node:zlib";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { diff } from "../../oci/core/diff.ts";
import { stack } from "../../oci/core/stack.ts";
import { waste } from "../../oci/core/waste.ts";
import { openTarFiles, streamFile } from "../../oci/archive/files.ts";
import { packContent, unpackContent } from "../../oci/source/packedContent.ts";
import { readLayer } from "../../oci/tar/layerEntries.ts";
import { memberBytes } from "../support/images/tarBytes.ts";
import { measure } from "./figures.ts";

const megabytes = Number(process.env["IMAGEWRIGHT_BENCH_MB"] ?? 200);
const entries = Number(process.env["IMAGEWRIGHT_BENCH_ENTRIES"] ?? 10_000);
const runs = 3;
const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
const plain = join(folder, "layer.tar");
const packed = join(folder, "layer.tar.gz");

try {
  writeTar();
  await pipeline(createReadStream(plain), createGzip({ level: constants.Z_BEST_SPEED }), createWriteStream(packed));
  const tarMb = statSync(plain).size / 1e6;
  console.log(
    `a layer of ${Math.round(tarMb)} MB in ${entries} entries; gzip ${Math.round(statSync(packed).size / 1e6)} MB; figures are MB/s of the plain tar`,
  );
  speed(tarMb, await measure("index of headers, content skipped", runs, indexHeaders));
  speed(tarMb, await measure("layer with all hashes and DiffID, plain", runs, async () => void (await readAll(plain))));
  speed(tarMb, await measure("layer with all hashes and DiffID, gzip", runs, async () => void (await readAll(packed))));
  await measureModel();
  console.log(`memory at its highest: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
} finally {
  rmSync(folder, { recursive: true });
}

async function measureModel(): Promise<void> {
  const content = await readAll(plain);
  const modes = content.rows.modes.map((mode, row) => (row % 10 === 0 ? 0o600 : mode));
  const changed = { ...content, rows: { ...content.rows, modes } };
  await measure("stack of two such layers", runs, () => void stack([content, changed]));
  const [before, after] = [stack([content]), stack([content, changed])];
  await measure("diff of two such file systems", runs, () => void diff(before.root, after.root));
  await measure("waste of such an image", runs, () => void waste(after, 2));
  const packed = packContent(content);
  console.log(`a content is ${Math.round(packed.length / entries)} bytes an entry on disk and between threads`);
  await measure("packing a content", runs, () => void packContent(content));
  await measure("opening a packed content", runs, () => void unpackContent(packed));
}

async function indexHeaders(): Promise<void> {
  const file = await open(plain);
  const files = await openTarFiles(plain, file, statSync(plain).size, signal);
  await file.close();
  if (!files.ok) throw new Error(files.error.message);
}

async function readAll(path: string): Promise<Parameters<typeof stack>[0][number]> {
  const file = await open(path);
  const read = await readLayer(streamFile(file, 0, statSync(path).size), { what: path }, signal);
  await file.close();
  if (!read.ok) throw new Error(read.error.message);
  return read.value.content;
}

/** Names like those of a distribution, most files small and some large, and half of the content compressible. */
function writeTar(): void {
  const file = openSync(plain, "w");
  const block = Buffer.alloc(64 * 1024);
  let seed = createHash("sha512").update("layer").digest();
  for (let at = 0; at < block.length; at += 128, seed = createHash("sha512").update(seed).digest())
    seed.copy(block, at);
  const large = Math.max(Math.floor(entries / 100), 1);
  const largeBytes = Math.floor((megabytes * 1e6 * 0.7) / large);
  const smallBytes = Math.floor((megabytes * 1e6 * 0.3) / entries);
  for (let index = 0; index < entries; index++) {
    const size = index % 100 === 0 ? largeBytes : Math.floor(smallBytes * (0.5 + (index % 11) / 10));
    const name = `usr/lib/package-${Math.floor(index / 40)}/module-${index % 40}/file-${index}.py`;
    const header = memberBytes({ path: name, size, mtime: 1_700_000_000 });
    writeSync(file, header);
    for (let left = Math.ceil(size / 512) * 512; left > 0; left -= block.length)
      writeSync(file, block, 0, Math.min(left, block.length));
  }
  writeSync(file, Buffer.alloc(1024));
  closeSync(file);
}

function speed(tarMb: number, ms: number): void {
  console.log(`${"".padEnd(48)} ${`${Math.round((tarMb / ms) * 1000)} MB/s`.padStart(10)}`);
}
