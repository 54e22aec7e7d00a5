import { contentBytes, type ContentBytes } from "./bytes.ts";
import type { LayerContent, LayerEntry } from "./entry.ts";
import { freeze, grow, type GrowingNode, type Noted, type TreeNode } from "./layerTree.ts";

/** The file system that layers make, and what became of everything that is not in it. */
export interface Stack {
  readonly root: TreeNode;
  /** Every entry of a lower layer that an upper one took away or replaced, in the order of the layers that did it. A directory replaced by a directory is not among them: it stays. */
  readonly vanished: readonly Vanished[];
  /** Whiteouts whose path no lower layer has. */
  readonly danglingWhiteouts: readonly { readonly path: string; readonly layerIndex: number }[];
  /** File content of all layers. */
  readonly shippedBytes: ContentBytes;
  /** File content that is in the file system. */
  readonly visibleBytes: ContentBytes;
}

export interface Vanished {
  readonly path: string;
  readonly entry: LayerEntry;
  /** The layer it came from. */
  readonly introducedBy: number;
  /** The layer that ended it. */
  readonly endedBy: number;
  /** "replaced": another entry stands at `cause`. */
  readonly reason: "whiteout" | "opaque" | "replaced";
  /** Where that happened: the path itself, or the directory that went and took it along. */
  readonly cause: string;
  /** What the layer that ended it put at the same path. */
  readonly successor?: LayerEntry;
  /** Content that nothing shows any more; 0 where another hard link still does. */
  readonly bytes: ContentBytes;
}

/** Applies layers, lowest first. In each layer opaque markers come first, then whiteouts, both on what is below only; then its entries. @see image-spec layer.md §Applying Changesets */
export function stack(layers: readonly LayerContent[]): Stack {
  const building: Building = { root: { path: "", value: {}, children: undefined }, vanished: [], dangling: [] };
  let shipped = 0;
  for (const [layerIndex, layer] of layers.entries()) {
    applyLayer(building, layer, layerIndex);
    for (const entry of [...layer.entries, ...(layer.overwritten ?? [])]) shipped += entry.size;
  }
  promoteLinks(building.root);
  const root = freeze(building.root, describe);
  return {
    root,
    vanished: building.vanished,
    danglingWhiteouts: building.dangling,
    shippedBytes: contentBytes(shipped),
    visibleBytes: root.totalBytes,
  };
}

/** A file's content, however many names it has. */
interface Inode {
  file: LayerEntry;
  /** Names that show it now. */
  names: number;
}

interface Placed {
  entry?: LayerEntry;
  layerIndex?: number;
  inode?: Inode;
}

interface Building {
  readonly root: GrowingNode<Placed>;
  readonly vanished: Vanished[];
  readonly dangling: { path: string; layerIndex: number }[];
}

type Ending = Pick<Vanished, "reason" | "cause" | "endedBy">;

function applyLayer(building: Building, layer: LayerContent, layerIndex: number): void {
  const firstVanished = building.vanished.length;
  removeBelow(building, layer, layerIndex);
  // A marker is a file of the layer: it makes its folder, in the place of a link or file of that name.
  for (const path of [...layer.whiteouts, ...layer.opaqueDirectories.map((folder) => `${folder}/`)])
    openParents(building, path, layerIndex);
  for (const entry of layer.overwritten ?? []) building.vanished.push(overwritten(entry, layerIndex));
  const links: GrowingNode<Placed>[] = [];
  for (const entry of layer.entries) {
    const node = place(building, entry, layerIndex);
    if (entry.kind === "hardlink") links.push(node);
  }
  resolveLinks(building.root, links);
  nameSuccessors(building, firstVanished, layerIndex);
}

/** A file that its own layer replaced. */
function overwritten(entry: LayerEntry, layerIndex: number): Vanished {
  const { path, size: bytes } = entry;
  return { path, entry, introducedBy: layerIndex, endedBy: layerIndex, reason: "replaced", cause: path, bytes };
}

/** What the layer's markers take away. Whether a marker is dangling is looked up before any of them acts, since they all mean the layers below. */
function removeBelow(building: Building, layer: LayerContent, endedBy: number): void {
  const { root, dangling } = building;
  for (const path of layer.whiteouts) if (!find(root, path)) dangling.push({ path, layerIndex: endedBy });
  for (const path of layer.opaqueDirectories) {
    const node = find(root, path);
    for (const child of node?.children?.values() ?? [])
      end(building, child, { reason: "opaque", cause: path, endedBy });
    node?.children?.clear();
  }
  for (const path of layer.whiteouts) {
    const node = take(root, path);
    if (node) end(building, node, { reason: "whiteout", cause: path, endedBy });
  }
}

/** Puts an entry at its path: a directory over a directory only changes attributes, anything else removes what was there. */
function place(building: Building, entry: LayerEntry, layerIndex: number): GrowingNode<Placed> {
  openParents(building, entry.path, layerIndex);
  const node = grow<Placed>(building.root, entry.path, () => ({}));
  const staysDirectory = entry.kind === "directory" && isDirectory(node);
  if (!staysDirectory) {
    end(building, node, { reason: "replaced", cause: entry.path, endedBy: layerIndex });
    node.children = undefined;
  }
  node.value = { entry, layerIndex };
  if (entry.kind === "file") node.value.inode = { file: entry, names: 1 };
  return node;
}

/** A path below something that a lower layer has as a file or symlink makes that a directory: layers are unpacked one by one, so the link below is never followed. */
function openParents(building: Building, path: string, layerIndex: number): void {
  let node: GrowingNode<Placed> | undefined = building.root;
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
    node = node.children?.get(path.slice(node.path === "" ? 0 : node.path.length + 1, slash));
    if (!node) return;
    if (isDirectory(node) || node.value.layerIndex === layerIndex) continue;
    end(building, node, { reason: "replaced", cause: node.path, endedBy: layerIndex });
    node.value = {};
    node.children = undefined;
  }
}

function isDirectory({ value }: GrowingNode<Placed>): boolean {
  return value.entry === undefined || value.entry.kind === "directory";
}

/** Notes the end of everything at and below a node. */
function end(building: Building, top: GrowingNode<Placed>, ending: Ending): void {
  const open = [top];
  for (let node = open.pop(); node; node = open.pop()) {
    const { entry, layerIndex, inode } = node.value;
    if (inode) inode.names--;
    const bytes = inode?.names === 0 ? inode.file.size : 0;
    if (entry && layerIndex !== undefined)
      building.vanished.push({
        path: node.path,
        entry,
        introducedBy: layerIndex,
        bytes: contentBytes(bytes),
        ...ending,
      });
    for (const child of node.children?.values() ?? []) open.push(child);
  }
}

const maxLinkRounds = 40; // Links mostly name files; links to later links need a round each, and an archive decides how many.

/** Joins hard links with the file they name, in this layer or below; a link to a link is followed by going round until nothing changes. */
function resolveLinks(root: GrowingNode<Placed>, links: readonly GrowingNode<Placed>[]): void {
  // A later entry of the same layer may have taken the place of a link or of a directory above it.
  let open = links.filter((node) => node.value.entry?.kind === "hardlink" && find(root, node.path) === node);
  let before = -1;
  for (let round = 0; open.length !== before && round < maxLinkRounds; round++) {
    before = open.length;
    open = open.filter((node) => {
      const inode = find(root, node.value.entry?.linkTarget ?? "")?.value.inode;
      if (!inode || node.value.inode) return !node.value.inode;
      inode.names++;
      node.value.inode = inode;
      return false;
    });
  }
}

function nameSuccessors({ root, vanished }: Building, from: number, layerIndex: number): void {
  for (let index = from; index < vanished.length; index++) {
    const lost = vanished[index];
    const heir = lost && find(root, lost.path)?.value;
    if (lost && heir?.entry && heir.layerIndex === layerIndex) vanished[index] = { ...lost, successor: heir.entry };
  }
}

/** Where the name that carried a file's bytes is gone and a hard link still shows it, the link is the file now. */
function promoteLinks(root: GrowingNode<Placed>): void {
  const carried = new Set<Inode>();
  const links: Placed[] = [];
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    const { entry, inode } = node.value;
    if (inode && entry?.kind === "hardlink") links.push(node.value);
    else if (inode) carried.add(inode);
    // Reversed, so that names are met in the order they came and the first becomes the file.
    open.push(...[...(node.children?.values() ?? [])].reverse());
  }
  for (const value of links) {
    if (!value.inode || !value.entry || carried.has(value.inode)) continue;
    carried.add(value.inode);
    value.entry = { ...value.inode.file, path: value.entry.path };
    // What the other names of the file show.
    value.inode.file = value.entry;
  }
}

function describe({ entry, layerIndex, inode }: Placed): Noted {
  const noted: Noted = {};
  if (entry) noted.entry = entry;
  if (layerIndex !== undefined) noted.layerIndex = layerIndex;
  if (inode && entry?.kind === "hardlink") noted.linked = inode.file;
  return noted;
}

function find(root: GrowingNode<Placed>, path: string): GrowingNode<Placed> | undefined {
  let node: GrowingNode<Placed> | undefined = root;
  if (path !== "") for (const name of path.split("/")) node = node?.children?.get(name);
  return node;
}

/** Takes a node out of the tree. */
function take(root: GrowingNode<Placed>, path: string): GrowingNode<Placed> | undefined {
  const slash = path.lastIndexOf("/");
  const parent = find(root, path.slice(0, Math.max(slash, 0)));
  const node = parent?.children?.get(path.slice(slash + 1));
  parent?.children?.delete(path.slice(slash + 1));
  return node;
}
