import { contentBytes } from "../bytes.ts";
import { entryKinds, rowFlags, type LayerContent, type LayerEntry } from "../entry.ts";
import { makeInt32, makeUint32, withRoom } from "./arrays.ts";
import { createChildIndex } from "./childIndex.ts";
import { createOwners } from "./owners.ts";
import { createRows, detailsOf, firstRows, growRows, pickRows, writeDigest } from "./rows.ts";
import { createTextPool } from "./textPool.ts";

/** Collects the entries of a layer tar, in tar order. */
export interface ContentBuilder {
  /**
   * Adds an entry; an earlier one of the same path counts as overwritten. `offset` is the position of its content in
   * the tar.
   */
  add(entry: LayerEntry, offset?: number): void;
  addWhiteout(path: string): void;
  addOpaqueDirectory(path: string): void;
  /** The number of paths so far, including folders without an entry. */
  pathCount(): number;
  /** The UTF-16 length of all distinct owner names so far. */
  ownerNameLength(): number;
  finish(): LayerContent;
}

export function createContentBuilder(): ContentBuilder {
  return new Builder();
}

/** A layer's content as objects, for tests and small tools. */
export interface ListedContent {
  readonly entries: readonly LayerEntry[];
  readonly whiteouts?: readonly string[];
  readonly opaqueDirectories?: readonly string[];
  /** Files that a later entry of the same path replaced. */
  readonly overwritten?: readonly LayerEntry[];
}

/** Builds columns from objects. */
export function contentOf({
  entries,
  whiteouts = [],
  opaqueDirectories = [],
  overwritten = [],
}: ListedContent): LayerContent {
  const builder = createContentBuilder();
  for (const entry of [...overwritten, ...entries]) builder.add(entry);
  for (const path of whiteouts) builder.addWhiteout(path);
  for (const path of opaqueDirectories) builder.addOpaqueDirectory(path);
  return builder.finish();
}

const firstLength = 256;

class Builder implements ContentBuilder {
  readonly #texts = createTextPool();
  readonly #children = createChildIndex();
  #parents = makeUint32(firstLength);
  #names = makeUint32(firstLength);
  #pathCount = 1;
  /** The folder of the last path: a tar usually stays in one for a while. */
  #folder = { text: "", path: 0 };
  readonly #rows = createRows(firstLength);
  #rowCount = 0;
  /** By path: its row plus 1. */
  #rowOf = makeInt32(firstLength);
  readonly #overwritten: number[] = [];
  readonly #replaced = new Set<number>();
  readonly #owners = createOwners(this.#texts);
  readonly #details: { readonly row: number; readonly text: number }[] = [];
  readonly #whiteouts = new Set<number>();
  readonly #opaque = new Set<number>();

  add(entry: LayerEntry, offset = -1): void {
    const path = this.#pathOf(entry.path);
    this.#rowOf = withRoom(this.#rowOf, path + 1, makeInt32);
    const earlier = (this.#rowOf[path] ?? 0) - 1;
    if (earlier !== -1) {
      this.#replaced.add(earlier);
      if ((this.#rows.sizes[earlier] ?? 0) > 0) this.#overwritten.push(earlier);
    }
    const row = this.#rowCount++;
    this.#rowOf[path] = row + 1;
    this.#write(row, path, entry, offset);
  }

  addWhiteout(path: string): void {
    this.#whiteouts.add(this.#pathOf(path));
  }

  addOpaqueDirectory(path: string): void {
    this.#opaque.add(this.#pathOf(path));
  }

  pathCount(): number {
    return this.#pathCount;
  }

  ownerNameLength(): number {
    return this.#owners.nameLength();
  }

  finish(): LayerContent {
    const kept = this.#keptRows();
    const places = new Map(kept?.map((row, place) => [row, place]));
    const details = this.#details
      .map(({ row, text }) => ({ row: kept ? (places.get(row) ?? -1) : row, text }))
      .filter(({ row }) => row !== -1)
      .sort((a, b) => a.row - b.row);
    const rows = kept ? pickRows(this.#rows, kept) : firstRows(this.#rows, this.#rowCount);
    let bytes = 0;
    for (const size of rows.sizes) bytes += size;
    return {
      entryCount: rows.paths.length - this.#overwritten.length,
      overwrittenCount: this.#overwritten.length,
      contentBytes: contentBytes(bytes),
      paths: { parents: this.#parents.slice(0, this.#pathCount), names: this.#names.slice(0, this.#pathCount) },
      rows,
      owners: this.#owners.finish(),
      details: {
        rows: Uint32Array.from(details, ({ row }) => row),
        texts: Uint32Array.from(details, ({ text }) => text),
      },
      texts: this.#texts.finish(),
      whiteouts: Uint32Array.from(this.#whiteouts),
      opaqueDirectories: Uint32Array.from(this.#opaque),
    };
  }

  /** The rows to keep, overwritten files last; undefined to keep all of them as they are. */
  #keptRows(): readonly number[] | undefined {
    if (this.#replaced.size === 0) return undefined;
    const kept: number[] = [];
    for (let row = 0; row < this.#rowCount; row++) if (!this.#replaced.has(row)) kept.push(row);
    return [...kept, ...this.#overwritten];
  }

  #pathOf(text: string): number {
    const slash = text.lastIndexOf("/");
    if (text === "") return 0;
    if (slash === -1) return this.#child(0, text, 0, text.length);
    const isSameFolder = slash === this.#folder.text.length && text.startsWith(this.#folder.text);
    if (!isSameFolder) this.#folder = { text: text.slice(0, slash), path: this.#folderOf(text, slash) };
    return this.#child(this.#folder.path, text, slash + 1, text.length);
  }

  #folderOf(text: string, end: number): number {
    let path = 0;
    for (let start = 0; start < end;) {
      const slash = text.indexOf("/", start);
      path = this.#child(path, text, start, slash);
      start = slash + 1;
    }
    return path;
  }

  #child(parent: number, text: string, start: number, end: number): number {
    const name = this.#texts.intern(text, start, end);
    const known = this.#children.get(parent, name);
    if (known !== -1) return known;
    const path = this.#pathCount++;
    this.#parents = withRoom(this.#parents, this.#pathCount, makeUint32);
    this.#names = withRoom(this.#names, this.#pathCount, makeUint32);
    this.#parents[path] = parent;
    this.#names[path] = name;
    this.#children.set(parent, name, path);
    return path;
  }

  #write(row: number, path: number, entry: LayerEntry, offset: number): void {
    const rows = this.#rows;
    growRows(rows, row + 1);
    rows.paths[row] = path;
    rows.kinds[row] = entryKinds.indexOf(entry.kind);
    rows.modes[row] = entry.mode;
    rows.owners[row] = this.#owners.of(entry);
    rows.sizes[row] = entry.size;
    rows.mtimes[row] = entry.mtimeMs;
    rows.links[row] = entry.linkTarget === undefined ? 0 : this.#texts.intern(entry.linkTarget) + 1;
    rows.offsets[row] = offset;
    const details = detailsOf(entry);
    if (details !== undefined) this.#details.push({ row, text: this.#texts.intern(details) });
    rows.flags[row] =
      (entry.sha256 === undefined ? 0 : rowFlags.hasDigest) | (details === undefined ? 0 : rowFlags.hasDetails);
    if (entry.sha256 !== undefined) writeDigest(rows.digests, row, entry.sha256);
  }
}
