import type { TarMember } from "./member.ts";

/** A path without `./` and without doubled, leading and trailing slashes; undefined if it has a `..` part. */
export function cleanPath(path: string): string | undefined {
  if (!/(^|\/)\.{0,2}(\/|$)/.test(path)) return path;
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts.join("/");
}

/** The paths of a layer's members within its file system. */
export interface LayerPaths {
  /** The path of a member; called for each, in the tar's order. */
  pathOf(member: TarMember): string;
  /** The path to which a hard link points. */
  linkTargetOf(member: TarMember): string;
}

/**
 * The paths in a layer of Linux or Windows. A Windows layer has its files below `Files`, beside registry hives
 * (`Hives`) and the files of the utility VM (`UtilityVM`). Its files are at the root here, as in a container, and the
 * other two are `[Hives]` and `[UtilityVM]`, because a file of the image can have the plain name.
 * @see https://github.com/microsoft/hcsshim internal/wclayer, pkg/ociwclayer
 */
export function createLayerPaths(): LayerPaths {
  let isWindows = false;
  const placed = (path: string): string => (isWindows ? windowsPath(path) : path);
  return {
    pathOf: (member) => {
      const path = pathInRoot(member.path);
      // Whiteouts lack the record, but their folder comes before them.
      isWindows ||= member.pax.has(windowsRecord) && windowsRoots.has(firstPart(path));
      return placed(path);
    },
    linkTargetOf: (member) => placed(pathInRoot(member.linkTarget)),
  };
}

/** The record with a file's Windows attributes, which members of Windows layers have. */
const windowsRecord = "MSWINDOWS.fileattr";

/** The names shown for the top folders of a Windows layer. */
const windowsRoots: ReadonlyMap<string, string> = new Map([
  ["Files", ""],
  ["Hives", "[Hives]"],
  ["UtilityVM", "[UtilityVM]"],
]);

function windowsPath(path: string): string {
  const top = firstPart(path);
  const root = windowsRoots.get(top);
  if (root === undefined) return path;
  return root === "" ? path.slice(top.length + 1) : root + path.slice(top.length);
}

function firstPart(path: string): string {
  const slash = path.indexOf("/");
  return slash < 0 ? path : path.slice(0, slash);
}

/** A path within the layer's root: `..` goes up but stops there. Container engines unpack paths the same way. */
function pathInRoot(written: string): string {
  const clean = cleanPath(written);
  if (clean !== undefined) return clean;
  const parts: string[] = [];
  for (const part of written.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
