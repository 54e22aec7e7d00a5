import type { Overhead } from "./overhead.ts";
import type { LeftOutPart } from "./payload.ts";
import { nothing, type ByteRange } from "./range.ts";

/** The parts that `rm` removes from what a RUN has installed. */
export interface Removals {
  /** Parts of packages that are removed from all packages. */
  readonly parts: readonly LeftOutPart[];
  /** Records of apt, dpkg and debconf that are removed, completely ("all") or only their previous versions ("old"). */
  readonly records: ReadonlyMap<Overhead["cause"], "all" | "old" | "some">;
  /** The first path whose content is unknown. */
  readonly unknown?: string;
}

/** Reads the paths that were removed after an install. */
export function readRemovals(paths: readonly string[]): Removals {
  const parts = new Set<LeftOutPart>();
  const records = new Map<Overhead["cause"], "all" | "old" | "some">();
  let unknown: string | undefined;
  for (const path of paths) {
    const part = partAt(path);
    const record = recordAt(path);
    if (part) parts.add(part);
    else if (record) records.set(...record);
    else unknown ??= path;
  }
  return { parts: [...parts], records, ...(unknown !== undefined && { unknown }) };
}

function partAt(path: string): LeftOutPart | undefined {
  const [, name] = /^\/usr\/share\/(doc|man|locale)(?:\/\*?)?$/.exec(path) ?? [];
  return name === "doc" || name === "man" || name === "locale" ? name : undefined;
}

function recordAt(path: string): [Overhead["cause"], "all" | "old" | "some"] | undefined {
  if (/^\/var\/cache(?:\/debconf)?(?:\/\*?)?$/.test(path)) return ["debconf database", "all"];
  if (/^\/var\/cache\/debconf\/\*-old$/.test(path)) return ["debconf database", "old"];
  if (/^\/var\/log(?:\/\*{0,2})?$/.test(path)) return ["logs", "all"];
  return path.startsWith("/var/log/") ? ["logs", "some"] : undefined;
}

/** The remaining records. */
export function withoutRemoved(overheads: readonly Overhead[], { records }: Removals): readonly Overhead[] {
  return overheads.flatMap(({ cause, bytes }) => {
    const gone = records.get(cause);
    return gone === "all" ? [] : [{ cause, bytes: gone === undefined ? bytes : remaining(bytes, gone) }];
  });
}

function remaining({ low, likely, high }: ByteRange, gone: "old" | "some"): ByteRange {
  return { low: gone === "old" ? low / 2 : 0, likely: likely / 2, high };
}

/** Copyright files in `/usr/share/doc` don't count as documentation; observed: 1 to 12 kB per package. */
const copyrightBytes: ByteRange = { low: 500, likely: 4000, high: 12_000 };

/** The other files that a removal of all documentation removes, as negative bytes. */
export function copyrightRemoved({ parts }: Removals, packages: number): ByteRange {
  if (!parts.includes("doc")) return nothing;
  const { low, likely, high } = copyrightBytes;
  return { low: -high * packages, likely: -likely * packages, high: -low * packages };
}
