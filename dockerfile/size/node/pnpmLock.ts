import { blockIn, readBlocks, textIn, wordsIn, type Block } from "./blocks.ts";
import { fits, type LockedTree, type Supports } from "./lockedTree.ts";
import type { NodeSelection } from "./select.ts";

/** More than any project has. */
const maxPackages = 50_000;

interface Snapshot extends Supports {
  /** Without the packages that it was resolved with: `a@1.0.0`. */
  readonly id: string;
  readonly meta: Block;
  readonly needs: readonly string[];
  readonly optionalNeeds: readonly string[];
}

/**
 * Reads pnpm-lock.yaml, of pnpm 8 (version 6) and later (version 9). Returns the packages that it installs, or the
 * reason why that is unknown. @see https://github.com/pnpm/spec/blob/master/lockfile/9.0.md
 */
export function readPnpmLock(text: string, selection: NodeSelection): LockedTree | string {
  const lock = readBlocks(text);
  const version = textIn(lock, "lockfileVersion");
  if (version === "") return "is not a lock file of pnpm";
  if (!/^(?:6\.\d|9\.0)$/.test(version)) return "has an unsupported version";
  const importers = lock.get("importers") === undefined ? lock : blockIn(blockIn(lock, "importers"), ".");
  if (blockIn(lock, "importers").size > 1) return "is of a workspace of several projects";
  const snapshots = snapshotsOf(lock);
  if (snapshots.size > maxPackages) return `has more than ${maxPackages} packages`;
  const kinds = (["dependencies", "devDependencies", "optionalDependencies"] as const).filter(
    (kind) => !isOmitted(kind, selection),
  );
  const roots = (kind: string): readonly string[] => idsOf(blockIn(importers, kind), snapshots);
  const required = kinds.filter((kind) => kind !== "optionalDependencies").flatMap(roots);
  const optional = kinds.includes("optionalDependencies") ? roots("optionalDependencies") : [];
  const kept = reach(snapshots, { required, optional }, selection);
  return { packages: packagesOf(kept), noted: notedBytes(lock, text.length, kept, required) };
}

function isOmitted(kind: string, { omit }: NodeSelection): boolean {
  return (kind === "devDependencies" && omit.includes("dev")) || (kind.startsWith("opt") && omit.includes("optional"));
}

function snapshotsOf(lock: Block): ReadonlyMap<string, Snapshot> {
  const packages = blockIn(lock, "packages");
  const listed = lock.get("snapshots") === undefined ? packages : blockIn(lock, "snapshots");
  const found = new Map<string, Snapshot>();
  for (const [key, entry] of listed) {
    const id = withoutPeers(withoutSlash(key));
    const meta = blockIn(packages, lock.get("snapshots") === undefined ? key : id);
    const own = typeof entry === "string" ? meta : entry;
    const [os, cpu, libc] = ["os", "cpu", "libc"].map((list) => wordsIn(meta, list));
    found.set(withoutSlash(key), {
      id,
      meta,
      ...(os && { os }),
      ...(cpu && { cpu }),
      ...(libc && { libc }),
      needs: idsIn(blockIn(own, "dependencies")),
      optionalNeeds: idsIn(blockIn(own, "optionalDependencies")),
    });
  }
  return found;
}

/** Both forms of an ID that a dependency may mean; the one that exists counts. */
function idsIn(dependencies: Block): readonly string[] {
  return [...dependencies].flatMap(([name, value]) => {
    const version = typeof value === "string" ? value : textIn(value, "version");
    return version.startsWith("link:") ? [] : [`${name}@${version}`, withoutSlash(version)];
  });
}

function idsOf(dependencies: Block, snapshots: ReadonlyMap<string, Snapshot>): readonly string[] {
  return idsIn(dependencies).filter((id) => snapshots.has(id));
}

interface Roots {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

/** All that the project leads to, without optional packages for other platforms and what only these need. */
function reach(
  snapshots: ReadonlyMap<string, Snapshot>,
  { required, optional }: Roots,
  selection: NodeSelection,
): ReadonlyMap<string, Snapshot> {
  const kept = new Map<string, Snapshot>();
  const waiting: string[] = [];
  const follow = (ids: readonly string[], isOptional: boolean): void => {
    for (const id of ids) {
      const one = snapshots.get(id);
      if (!one || kept.has(id) || (isOptional && !fits(one, selection))) continue;
      kept.set(id, one);
      waiting.push(id);
    }
  };
  follow(required, false);
  follow(optional, true);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const one = snapshots.get(id);
    follow(one?.needs ?? [], false);
    if (!selection.omit.includes("optional")) follow(one?.optionalNeeds ?? [], true);
  }
  return kept;
}

function packagesOf(kept: ReadonlyMap<string, Snapshot>): LockedTree["packages"] {
  const counts = new Map<string, { readonly one: Snapshot; count: number }>();
  for (const one of kept.values()) {
    const known = counts.get(one.id);
    if (known) known.count++;
    else counts.set(one.id, { one, count: 1 });
  }
  return [...counts.values()].map(({ one, count }) => {
    const at = one.id.lastIndexOf("@");
    const resolution = textIn(one.meta, "resolution");
    const [integrity, url] = ["integrity", "tarball"].map((key) => partOf(resolution, key));
    return {
      name: one.id.slice(0, at),
      version: one.id.slice(at + 1),
      ...(integrity !== undefined && { integrity }),
      ...(url !== undefined && { url }),
      copies: { low: count, likely: count, high: count },
    };
  });
}

function partOf(resolution: string, key: string): string | undefined {
  return new RegExp(`[{ ]${key}: ([^,}\\s]+)`).exec(resolution)?.[1];
}

/** Of a script that starts a program of a package; it names folders, so it depends on where the project is. */
const shimBytes = 950;
/** Of a package in .modules.yaml, beside its name. */
const modulesEntryBytes = 30;

/** .modules.yaml, the copy of the lock file and the scripts that start programs. Measured with pnpm 9 and 10. */
function notedBytes(
  lock: Block,
  lockBytes: number,
  kept: ReadonlyMap<string, Snapshot>,
  roots: readonly string[],
): LockedTree["noted"] {
  const all = [...kept.values()];
  const hasProgram = (id: string): boolean => textIn(kept.get(id)?.meta ?? new Map(), "hasBin") === "true";
  const shims = [...all.flatMap(({ needs }) => needs), ...roots].filter(hasProgram).length;
  const entries = [...blockIn(lock, "packages").keys()].reduce((sum, id) => sum + 2 * id.length + modulesEntryBytes, 0);
  const isWhole = kept.size * 2 > blockIn(lock, "packages").size;
  const likely = 400 + (isWhole ? lockBytes : lockBytes * (kept.size / blockIn(lock, "packages").size)) + entries;
  return {
    low: likely * 0.4,
    likely: likely + shims * shimBytes,
    high: 400 + (lockBytes + entries) * 1.2 + shims * 6 * shimBytes,
  };
}

function withoutSlash(id: string): string {
  return id.startsWith("/") ? id.slice(1) : id;
}

function withoutPeers(id: string): string {
  const at = id.indexOf("(");
  return at < 0 ? id : id.slice(0, at);
}
