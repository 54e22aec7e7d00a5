import { type Header, pack } from "tar-stream";

/** One file of a layer, as short as possible: a text means a plain file. */
export type FixtureEntry =
  | string
  | Uint8Array
  | (EntryAttributes & { readonly content: string | Uint8Array })
  | (EntryAttributes & { readonly link: string })
  | (EntryAttributes & { readonly hardLink: string })
  | (EntryAttributes & { readonly directory: true })
  | (EntryAttributes & { readonly fifo: true })
  | (EntryAttributes & { readonly device: "character" | "block"; readonly major: number; readonly minor: number });

export interface EntryAttributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Seconds since 1970; defaults to {@link defaultMtime}. */
  readonly mtime?: number;
  /** As in the archive: `{ "SCHILY.xattr.user.x": "y" }`. */
  readonly pax?: Readonly<Record<string, string>>;
}

/**
 * Path → entry, in the order of the archive. Contains exactly what is written: folders above a file only if named (with
 * a trailing slash, or as `{ directory: true }`), whiteouts by their real names (`"etc/.wh.gone": ""`).
 */
export type FixtureLayer = Readonly<Record<string, FixtureEntry>>;

/** 2024-01-01, which keeps the digest of a literal constant. */
const defaultMtime = 1_704_067_200;

/** The layer's uncompressed tar; its SHA-256 is the DiffID. */
export async function layerTar(layer: FixtureLayer): Promise<Buffer> {
  const tar = pack();
  for (const [path, entry] of Object.entries(layer)) {
    const { content, ...header } = headerOf(
      path,
      typeof entry === "string" || entry instanceof Uint8Array ? { content: entry } : entry,
    );
    if (content === undefined) tar.entry(header);
    else tar.entry(header, Buffer.from(content));
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

type TarEntry = Partial<Header> & { content?: string | Uint8Array };
type DetailedEntry = Exclude<FixtureEntry, string | Uint8Array>;

function headerOf(path: string, entry: DetailedEntry): TarEntry & { name: string } {
  const kind = kindOf(path, entry);
  return {
    name: path,
    mode: entry.mode ?? (kind.type === "directory" ? 0o755 : 0o644),
    uid: entry.uid ?? 0,
    gid: entry.gid ?? 0,
    mtime: new Date((entry.mtime ?? defaultMtime) * 1000),
    ...(entry.pax === undefined ? {} : { pax: { ...entry.pax } }),
    ...kind,
  };
}

function kindOf(path: string, entry: DetailedEntry): TarEntry {
  if ("directory" in entry || path.endsWith("/")) return { type: "directory" };
  if ("link" in entry) return { type: "symlink", linkname: entry.link };
  if ("hardLink" in entry) return { type: "link", linkname: entry.hardLink };
  if ("fifo" in entry) return { type: "fifo" };
  if ("device" in entry) return { type: `${entry.device}-device`, devmajor: entry.major, devminor: entry.minor };
  return { type: "file", content: entry.content };
}
