import type { ApkBase, ApkRepository } from "./base.ts";
import { parseApkRecord } from "./package.ts";

/** The files of an image that show how apk works there. A path that ends with a slash means the folder's files. */
export const apkBaseFiles: readonly string[] = [
  "/etc/apk/arch",
  "/etc/apk/repositories",
  "/etc/apk/repositories.d/",
  "/etc/apk/world",
  "/lib/apk/db/installed",
  "/usr/lib/apk/db/installed",
];

/** Folders in which apk rewrites files. */
export const apkSizeFolders: readonly string[] = ["/lib/apk/db/", "/usr/lib/apk/db/", "/var/cache/apk/"];

/** Reads the {@link apkBaseFiles} of an image, by absolute path; undefined if it has no packages of apk. */
export function readApkBase(
  files: ReadonlyMap<string, Uint8Array>,
  sizes: ReadonlyMap<string, number>,
): ApkBase | undefined {
  const decoder = new TextDecoder();
  const texts = new Map([...files].map(([path, bytes]) => [path, decoder.decode(bytes)]));
  const list = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"].find((path) => texts.has(path));
  if (list === undefined) return undefined;
  const records = (texts.get(list) ?? "").trim().split(/\n\n+/);
  const beside = [...sizes].filter(([path]) => path.startsWith(list.replace("installed", "")) && path !== list);
  return {
    architecture: (texts.get("/etc/apk/arch") ?? "").trim() || architectureOf(records),
    repositories: [...texts].flatMap(([path, text]) => (path.includes("/repositories") ? repositoriesIn(text) : [])),
    installed: records.flatMap((record) => parseApkRecord(record) ?? []),
    world: (texts.get("/etc/apk/world") ?? "").split(/\s+/).filter((word) => word !== ""),
    scriptBytes: beside.reduce((sum, [, bytes]) => sum + bytes, 0),
    hasIndexes: [...sizes.keys()].some((path) => /^\/var\/cache\/apk\/APKINDEX\./.test(path)),
  };
}

/** Packages without a program are of every architecture. */
function architectureOf(records: readonly string[]): string {
  return records.flatMap((record) => /^A:(?!noarch)(.+)$/m.exec(record)?.[1] ?? [])[0] ?? "x86_64";
}

/** Parses lines of `/etc/apk/repositories`: an address, maybe after the name of the repository. */
export function repositoriesIn(text: string): readonly ApkRepository[] {
  return text.split("\n").flatMap((line) => {
    const [, tag, url] = /^\s*(?:@(\S+)\s+)?([^#\s]\S*)\s*$/.exec(line) ?? [];
    return url === undefined ? [] : [{ url: url.replace(/\/+$/, ""), ...(tag !== undefined && { tag }) }];
  });
}
