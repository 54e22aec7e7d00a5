import type { ArchiveMember } from "../../../../../facts/fact.ts";
import type { Machine } from "../../machine.ts";
import type { Result } from "../../output.ts";
import { contentOf } from "../../redirect.ts";
import { readOptions, type OptionSpec, type Options } from "../options.ts";
import type { Call, NotFollowed, Program } from "../program.ts";
import { readArchive, unpackInto } from "./readArchive.ts";

/** `tar -x`, as far as GNU tar and busybox agree; other actions aren't followed. */
export const tarPrograms: readonly (readonly [string, Program])[] = [["tar", tar]];

const spec: OptionSpec = {
  flags: "xvzjJapom",
  valued: "fCNX",
  long: {
    extract: "x",
    get: "x",
    verbose: "v",
    gzip: "z",
    gunzip: "z",
    bzip2: "j",
    xz: "J",
    zstd: "z",
    "auto-compress": "a",
    "preserve-permissions": "p",
    "same-permissions": "p",
    "same-owner": "o",
    "no-same-owner": "o",
    "no-same-permissions": "o",
    touch: "m",
    overwrite: "o",
    file: "f",
    directory: "C",
    "strip-components": "N",
    strip: "N",
    exclude: "X",
  },
};

function tar(call: Call, machine: Machine): Result | NotFollowed {
  const extraction = call.isPartial ? undefined : readWords(withDashes(call.words));
  if (!extraction) return { other: undefined };
  const { file, folder, selection } = extraction;
  const content = file === "-" ? call.input : contentOf(machine, file);
  const archive = readArchive(machine, { name: file === "-" ? "the archive" : file, content });
  if ("other" in archive) return archive;
  if (!archive.members) return { other: `${archive.path} is not an archive` };
  return unpackInto(machine, folder, select(archive.members, selection));
}

interface Extraction {
  readonly file: string;
  readonly folder: string;
  readonly selection: Selection;
}

function readWords(words: readonly string[]): Extraction | undefined {
  const options = readOptions(words, spec);
  // Only the last of several values is kept, but each of these counts.
  const isPlain = ["C", "N", "X"].every((letter) => timesGiven(words, letter) < 2);
  const selection = isPlain && options?.flags.has("x") === true ? selectionOf(options) : undefined;
  if (!options || !selection) return undefined;
  return { file: options.values.get("f") ?? "-", folder: options.values.get("C") ?? ".", selection };
}

/** The words with a dash before the letters that come first in the traditional form: `tar xzf FILE`. */
function withDashes([letters = "", ...rest]: readonly string[]): readonly string[] {
  if (letters.startsWith("-") || letters === "") return [letters, ...rest];
  const flags = [...letters].filter((letter) => !valuedLetters.includes(letter));
  const valued = [...letters].filter((letter) => valuedLetters.includes(letter));
  const values = valued.flatMap((letter, index) => [`-${letter}`, rest[index] ?? ""]);
  return [...(flags.length > 0 ? [`-${flags.join("")}`] : []), ...values, ...rest.slice(valued.length)];
}

const valuedLetters = "fC";

function timesGiven(words: readonly string[], letter: string): number {
  const names = Object.entries(spec.long ?? {}).flatMap(([name, short]) => (short === letter ? [`--${name}`] : []));
  return words.filter((word) => names.includes(word.replace(/=.*$/s, "")) || new RegExp(`^-\\w*${letter}`).test(word))
    .length;
}

/** The part of an archive that is unpacked. */
interface Selection {
  /** The leading folders that are cut off each path. */
  readonly strip: number;
  /** A name that is left out, with what is below it. */
  readonly excluded?: string;
  /** The paths that are unpacked, with what is below them; empty for all. */
  readonly only: readonly string[];
}

/** Undefined for patterns. */
function selectionOf({ values, operands }: Options): Selection | undefined {
  const strip = values.get("N") ?? "0";
  const excluded = values.get("X");
  if (!/^\d{1,3}$/.test(strip) || /[*?[\\]/.test(excluded ?? "")) return undefined;
  const only = operands.map((path) => plainPath(path).replace(/\/+$/, ""));
  return { strip: Number(strip), only, ...(excluded !== undefined && { excluded: plainPath(excluded) }) };
}

function plainPath(path: string): string {
  return path.replace(/^(?:\.\/)+/, "");
}

function select(members: readonly ArchiveMember[], { strip, excluded, only }: Selection): readonly ArchiveMember[] {
  return members.flatMap((member) => {
    const { path, linkTarget, kind, isBelowDot } = member;
    if (only.length > 0 && !only.some((wanted) => isAtOrBelow(path, wanted))) return [];
    if (excluded !== undefined && isExcluded(path, excluded)) return [];
    const cut = isBelowDot ? Math.max(0, strip - 1) : strip;
    const stripped = withoutFolders(path, cut);
    if (stripped === undefined) return [];
    const target = kind === "hardlink" ? withoutFolders(linkTarget ?? "", cut) : linkTarget;
    return [{ ...member, path: stripped, ...(target !== undefined && { linkTarget: target }) }];
  });
}

function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** True if the path, or a part that ends it or a folder above it, has the name. */
function isExcluded(path: string, name: string): boolean {
  return `/${path}/`.includes(`/${name.replace(/\/+$/, "")}/`);
}

function withoutFolders(path: string, count: number): string | undefined {
  const parts = path.split("/");
  return parts.length > count ? parts.slice(count).join("/") : undefined;
}
