// The bytes of images, obtained independently of the code under test: with tar-stream, or a bare GET.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { extract } from "tar-stream";

/** The bytes with this SHA-256, if the place has them, compressed or not. */
export type RawBytes = (digest: string) => Promise<Buffer | undefined>;

/** All files of an archive or folder on disk. */
export async function rawArchive(path: string): Promise<RawBytes> {
  if (!statSync(path).isDirectory()) return rawTar(unpack(readFileSync(path)));
  const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return byDigest(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name))));
}

/** All files of a tar, such as one from an engine. */
export async function rawTar(tar: Buffer): Promise<RawBytes> {
  return byDigest((await tarFiles(tar)).flatMap(({ type, content }) => (type === "file" ? [content] : [])));
}

/** One repository of a registry, contacted without our code; `authorization` is the header. */
export function rawRegistry({
  host,
  repository,
  authorization,
}: {
  readonly host: string;
  readonly repository: string;
  readonly authorization?: string;
}): RawBytes {
  return async (digest) => {
    for (const kind of ["blobs", "manifests"]) {
      const answer = await fetch(`http://${host}/v2/${repository}/${kind}/${digest}`, {
        headers: {
          accept:
            "*/*, application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json",
          ...(authorization !== undefined && { authorization }),
        },
      });
      const bytes = Buffer.from(await answer.arrayBuffer());
      if (answer.ok && sha256(bytes) === digest) return bytes;
    }
    return undefined;
  };
}

/** Decompresses according to the first bytes. */
export function unpack(bytes: Buffer): Buffer {
  const magic = bytes.toString("hex", 0, 4);
  if (magic.startsWith("1f8b")) return gunzipSync(bytes);
  return magic === "28b52ffd" ? zstdDecompressSync(bytes) : bytes;
}

export interface RawFile {
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
}

export async function tarFiles(tar: Buffer): Promise<readonly RawFile[]> {
  const files: RawFile[] = [];
  const reader = extract();
  reader.end(tar);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
    files.push({ path: entry.header.name, type: entry.header.type ?? "", content: Buffer.concat(chunks) });
  }
  return files;
}

export function sha256(bytes: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

function byDigest(contents: readonly Buffer[]): RawBytes {
  const known = new Map(
    contents.flatMap((content) => [unpack(content), content]).map((content) => [sha256(content), content]),
  );
  return (digest) => Promise.resolve(known.get(digest));
}
