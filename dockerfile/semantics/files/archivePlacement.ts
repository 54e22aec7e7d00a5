import type { ArchiveMember } from "../../facts/fact.ts";
import { folder, type ImageFile } from "./imageFile.ts";
import { placementOf, type Placement } from "./placement.ts";

/** An archive that ADD unpacks into a folder. */
export function placeArchive(members: readonly ArchiveMember[], at: string): Placement {
  const files = new Map<string, ImageFile>([["", folder]]);
  for (const member of members) {
    const file = memberFile(member, files);
    // A hard link to a file outside of the archive fails the build.
    if (file && member.path !== "") files.set(member.path, file);
  }
  return placementOf(at, true, [...files]);
}

function memberFile({ kind, bytes, linkTarget }: ArchiveMember, files: Map<string, ImageFile>): ImageFile | undefined {
  if (kind === "directory") return folder;
  if (kind === "symlink") return { kind, bytes: 0, linkTarget: linkTarget ?? "" };
  if (kind === "file") return { kind, bytes };
  const other = files.get(linkTarget ?? "");
  if (!other || other.inode) return other;
  const shared = { ...other, inode: {} };
  files.set(linkTarget ?? "", shared);
  return shared;
}
