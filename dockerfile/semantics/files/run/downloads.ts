import { ownEntry } from "../../../../oci/core/ownEntry.ts";
import type { Call } from "./programs/program.ts";

/** The only places to which a program that isn't followed writes. */
export interface Reach {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** The places that a download writes to; undefined for other programs, and if it may write more. */
export function reachOf({ program, words, unclear }: Call): Reach | undefined {
  const named = words.find((word) => word === unclear && !/^[a-z]+:\/\//.test(word));
  return named === undefined ? ownEntry(reaches, program)?.(words) : undefined;
}

const nowhere: Reach = { files: [], folders: [] };

/** @see curl(1), wget(1), git-clone(1) */
const reaches: Readonly<Record<string, (words: readonly string[]) => Reach | undefined>> = {
  curl: (words) => (words.some((word) => curlWritesMore.test(word)) ? undefined : written(words, curlOutput)),
  wget(words) {
    const reach = written(words, wgetOutput);
    // Without -O it creates a file with the name in the URL.
    return reach === nowhere || words.some((word) => wgetWritesMore.test(word)) ? undefined : reach;
  },
  git: cloneReach,
};

const curlOutput = /^(?:-[a-zA-Z]*o|--output(?:=|$))([^]*)$/;
const curlWritesMore =
  /^-[a-zA-Z]*[OJDcK]|^--(?:remote|output-dir|cookie-jar|dump-header|config|trace|libcurl|hsts|alt-svc|etag-save)/;
const wgetOutput = /^(?:-[a-zA-Z]*O|--output-document(?:=|$))([^]*)$/;
const wgetWritesMore =
  /^-[a-np-zA-Z]*[oaPrmxpNi]|^--(?:output-file|append-output|directory-prefix|recursive|mirror|page|warc|save)/;

/** The values of an option, in the same word or the next one; `-` means standard output. */
function written(words: readonly string[], option: RegExp): Reach {
  const files = words.flatMap((word, index) => {
    const value = option.exec(word)?.[1];
    return value === undefined ? [] : [value === "" ? (words[index + 1] ?? "") : value];
  });
  return files.length === 0 ? nowhere : { files: files.filter((file) => file !== "-"), folders: [] };
}

const cloneValues: ReadonlySet<string> = new Set(["--depth", "--branch", "-b", "--jobs", "-j", "--filter", "-o"]);

function cloneReach(words: readonly string[]): Reach | undefined {
  const operands = words.filter((word, index) => !word.startsWith("-") && !cloneValues.has(words[index - 1] ?? ""));
  const [
    action,
    url = "",
    folder = url
      .replace(/\/+$/, "")
      .replace(/^.*[/:]/, "")
      .replace(/\.git$/, ""),
  ] = operands;
  const isKnown = action === "clone" && words[0] === "clone" && folder !== "" && operands.length < 4;
  return isKnown ? { files: [], folders: [folder] } : undefined;
}
