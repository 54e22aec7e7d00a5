import fc from "fast-check";
import { contentBytes } from "../../../oci/core/bytes.ts";
import { contentOf } from "../../../oci/core/columns/contentBuilder.ts";
import type { LayerContent, LayerEntry } from "../../../oci/core/entry.ts";

const path = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));

const entry: fc.Arbitrary<LayerEntry> = fc
  .record({
    path,
    kind: fc.constantFrom<LayerEntry["kind"]>("file", "file", "directory", "symlink", "hardlink"),
    size: fc.nat(9),
    target: path,
    mode: fc.constantFrom(0o644, 0o755),
    letter: fc.constantFrom("e", "f"),
  })
  .map(({ path, kind, size, target, mode, letter }) => ({
    path,
    kind,
    size: contentBytes(kind === "file" ? size : 0),
    mode,
    uid: 0,
    gid: 0,
    mtimeMs: 0,
    ...(kind === "symlink" || kind === "hardlink" ? { linkTarget: target } : {}),
    ...(kind === "file" ? { sha256: `${letter}${size}`.padStart(64, "0") } : {}),
  }));

/** Any changeset over few names, which makes layers overlap: markers, links, files over directories and vice versa. */
export const randomLayer: fc.Arbitrary<LayerContent> = fc
  .record({
    entries: fc.uniqueArray(entry, { maxLength: 6, selector: (it) => it.path }),
    whiteouts: fc.uniqueArray(path, { maxLength: 2 }),
    opaqueDirectories: fc.uniqueArray(fc.oneof(path, fc.constant("")), { maxLength: 1 }),
  })
  .map(contentOf);
