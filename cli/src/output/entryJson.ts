import type { LayerEntry } from "../../../oci/core/entry.ts";

/** An entry of a layer with its attributes in a fixed order; null if there is no entry. */
export function entryJson(entry: LayerEntry | undefined) {
  if (!entry) return null;
  const { path, kind, size, mode, uid, gid, mtimeMs, ...rest } = entry;
  return { path, kind, size, mode, uid, gid, mtimeMs, ...rest };
}
