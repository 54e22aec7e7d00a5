import { remoteKind } from "../../context/remote.ts";
import type { FactKeyOf } from "../../facts/fact.ts";
import type { Build, Copy } from "../build.ts";
import type { CopyTexts } from "./copyTexts.ts";
import { joinPath, type Unknown } from "./imageFile.ts";
import { placementOf, type Placement, type Target } from "./placement.ts";

type DownloadKey = FactKeyOf<"download">;

/** The facts of the files that an ADD fetches from URLs; or the reason why one is known only during the build. */
export function downloadKeys({ instruction }: Copy, { paths }: CopyTexts): readonly DownloadKey[] | Unknown {
  if (instruction.keyword.value !== "ADD") return [];
  const cloned = paths.find((path) => remoteKind(path) === "cloned" || /^ftp:|\.git(?:#|$)/i.test(path));
  if (cloned !== undefined) return { unknown: `${cloned} is ${remoteKind(cloned) ?? "cloned"} during the build` };
  const urls = paths.filter((path) => remoteKind(path) === "fetched");
  const isUnpacked = instruction.flags.some(({ name }) => name === "unpack");
  if (urls[0] !== undefined && isUnpacked) return { unknown: `${urls[0]} is fetched and unpacked during the build` };
  return urls.map((url) => ({ kind: "download", url }));
}

/**
 * Puts a fetched file into the image; archives stay as they are.
 * @see https://docs.docker.com/reference/dockerfile/#add
 */
export function placeDownload(build: Build, url: string, { at, isFolder }: Target): readonly Placement[] | Unknown {
  const fact = build.facts.get({ kind: "download", url });
  if (fact.state !== "known")
    return { unknown: fact.state === "unavailable" ? fact.reason : `${url} is not looked up yet` };
  const name = fileName(url);
  if (isFolder && name === "") return { unknown: `the name of the file at ${url} is known only during the build` };
  const { bytes } = fact.value;
  return [placementOf(isFolder ? joinPath(at, name) : at, false, [["", { kind: "file", bytes, origin: { url } }]])];
}

/** The last part of its path. */
function fileName(url: string): string {
  const path = url.replace(/[?#].*$/s, "").replace(/^[^/]*\/\/[^/]*/, "");
  return path.slice(path.lastIndexOf("/") + 1);
}
