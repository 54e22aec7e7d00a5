import { ownEntry } from "../../../../oci/core/ownEntry.ts";
import { isRecord } from "../../../../oci/core/text.ts";
import { normalizedName } from "../../../size/python/requirement.ts";
import { fulfils, parseClauses } from "../../../size/python/specifier.ts";
import { compareVersions, parseVersion, type PythonVersion } from "../../../size/python/version.ts";
import { parseWheelName, rankOf, type PythonTarget } from "../../../size/python/wheelTags.ts";

/** A version of a project in an index. */
export interface Release {
  readonly version: PythonVersion;
  /** As written. */
  readonly versionText: string;
  /** The best wheel for the Python; absent if there is only source, or wheels for other machines. */
  readonly wheel?: WheelAddress;
  /** True if its author has withdrawn it: only a condition that names it takes it. */
  readonly isYanked: boolean;
}

export interface WheelAddress {
  readonly url: string;
  /** Absent if the index doesn't report it. */
  readonly sha256?: string;
}

/** A file as an index lists it. */
interface ListedFile {
  readonly name: string;
  readonly url: string;
  readonly sha256?: string;
  readonly requiresPython?: string;
  readonly isYanked: boolean;
}

/**
 * Reads the page of a project, in JSON or HTML; relative addresses count from `url`. Newest first.
 *
 * @see https://packaging.python.org/en/latest/specifications/simple-repository-api/
 */
export function readProjectPage(text: string, url: string, target: PythonTarget): readonly Release[] | undefined {
  const files = /^\s*\{/.test(text) ? filesOfJson(text, url) : filesOfHtml(text, url);
  return files && releasesOf(files, target);
}

function filesOfJson(text: string, base: string): readonly ListedFile[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const files = isRecord(value) ? ownEntry(value, "files") : undefined;
  return Array.isArray(files)
    ? files.flatMap((file: unknown) => (isRecord(file) ? fileOf(file, base) : []))
    : undefined;
}

function fileOf(file: Readonly<Record<string, unknown>>, base: string): readonly ListedFile[] {
  const [name, url] = [ownEntry(file, "filename"), ownEntry(file, "url")];
  if (typeof name !== "string" || typeof url !== "string" || !URL.canParse(url, base)) return [];
  const [hashes, python, yanked] = [
    ownEntry(file, "hashes"),
    ownEntry(file, "requires-python"),
    ownEntry(file, "yanked"),
  ];
  const sha256 = isRecord(hashes) ? ownEntry(hashes, "sha256") : undefined;
  return [
    {
      name,
      url: new URL(url, base).href,
      ...(typeof sha256 === "string" && { sha256 }),
      ...(typeof python === "string" && { requiresPython: python }),
      isYanked: yanked !== undefined && yanked !== false,
    },
  ];
}

function filesOfHtml(text: string, base: string): readonly ListedFile[] | undefined {
  if (!/<(?:!doctype|html|a)\b/i.test(text)) return undefined;
  const files: ListedFile[] = [];
  for (const [, attributes = "", shown = ""] of text.matchAll(/<a\s([^>]*)>([^<]*)<\/a>/gi)) {
    const href = attributeOf(attributes, "href");
    if (href === undefined || !URL.canParse(href, base)) continue;
    const [address = "", hash = ""] = new URL(href, base).href.split("#");
    const [, sha256] = /^sha256=([\da-f]{64})/.exec(hash) ?? [];
    const requiresPython = attributeOf(attributes, "data-requires-python");
    files.push({
      name: shown.trim(),
      url: address,
      ...(sha256 !== undefined && { sha256 }),
      ...(requiresPython !== undefined && { requiresPython }),
      isYanked: /\bdata-yanked\b/i.test(attributes),
    });
  }
  return files;
}

function attributeOf(attributes: string, name: string): string | undefined {
  const [, doubled, single] = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i").exec(attributes) ?? [];
  const value = doubled ?? single;
  return value?.replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

interface Draft {
  readonly version: PythonVersion;
  readonly versionText: string;
  wheel: (WheelAddress & { readonly rank: number }) | undefined;
  isYanked: boolean;
}

function releasesOf(files: readonly ListedFile[], target: PythonTarget): readonly Release[] {
  const drafts = new Map<string, Draft>();
  for (const file of files) {
    const versionText = versionOf(file.name) ?? "";
    const version = parseVersion(versionText);
    if (!version || !supports(file.requiresPython, target)) continue;
    const draft = drafts.get(versionText) ?? { version, versionText, wheel: undefined, isYanked: file.isYanked };
    drafts.set(versionText, draft);
    addFile(draft, file, target);
  }
  return [...drafts.values()]
    .sort((a, b) => compareVersions(b.version, a.version))
    .map(({ wheel, ...release }) => ({ ...release, ...(wheel && { wheel }) }));
}

/** Keeps the best wheel. A version is withdrawn if all its files are. */
function addFile(draft: Draft, { name, url, sha256, isYanked }: ListedFile, target: PythonTarget): void {
  draft.isYanked &&= isYanked;
  const wheel = parseWheelName(name);
  const rank = wheel && rankOf(wheel, target);
  if (rank === undefined || rank >= (draft.wheel?.rank ?? Infinity)) return;
  draft.wheel = { url, rank, ...(sha256 !== undefined && { sha256 }) };
}

/** The version in the name of a wheel or an archive of sources. */
function versionOf(file: string): string | undefined {
  if (file.endsWith(".whl")) return parseWheelName(file)?.version;
  return /^.+-([^-]+)\.(?:tar\.gz|zip|tar\.bz2|tgz)$/.exec(file)?.[1];
}

function supports(requiresPython: string | undefined, { version: [major, minor] }: PythonTarget): boolean {
  const clauses = requiresPython === undefined ? [] : parseClauses(requiresPython);
  // What can't be read counts as no condition, as pip does.
  // The last patch level is taken: conditions such as `!=3.9.0` name early ones.
  return !clauses || fulfils({ epoch: 0, release: [major, minor, latePatch] }, clauses);
}

const latePatch = 99;

/** The address of the page of a project. */
export function pageOf(index: string, project: string): string {
  return `${index.replace(/\/+$/, "")}/${normalizedName(project)}/`;
}
