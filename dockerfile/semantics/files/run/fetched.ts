import { ownEntry } from "../../../../oci/core/ownEntry.ts";
import { find, writeFile, type Machine } from "./machine.ts";
import { noOutput, unknownOutput, type Output, type Result } from "./output.ts";
import { readOptions, type OptionSpec } from "./programs/options.ts";
import type { Call } from "./programs/program.ts";
import { noteHost } from "./wgetHosts.ts";

/** A download whose size isn't known, although it is known what is fetched. */
export interface UnsizedDownload {
  readonly content: Output;
}

/**
 * Runs `curl` or `wget` of one URL whose size its host reports, or returns why the size isn't known. Undefined for
 * other programs, and with options that aren't known not to matter.
 */
export function runDownload(call: Call, machine: Machine): Result | UnsizedDownload | undefined {
  const download = readDownload(call);
  if (!download || !canWrite(machine, download)) return undefined;
  const { url, path } = download;
  const fact = machine.facts.get({ kind: "download", url });
  const origin = { url };
  if (fact.state === "unavailable") {
    const content = { ...unknownOutput, unknown: fact.reason, origin };
    return isForTar(call, machine, download) ? { status: "assumed", output: content } : { content };
  }
  if (fact.state !== "known" || (fact.value.isRedirected && !download.follows)) return undefined;
  if (call.program === "wget") noteHost(call, machine, { url, ...fact.value });
  const output = { bytes: fact.value.bytes, origin };
  if (path === undefined) return { status: "assumed", output };
  writeFile(machine, path, output, "replaced");
  return { status: "assumed", output: noOutput };
}

function readDownload({ program, words, unclear, isPartial }: Call): Download | undefined {
  return unclear !== undefined || isPartial ? undefined : ownEntry(readers, program)?.(words);
}

/** True if tar reads it, whose files don't depend on the size of the archive. */
function isForTar({ program }: Call, { shell }: Machine, { path }: Download): boolean {
  return program === "curl" && path === undefined && shell.pipedInto === "tar";
}

const readers: Readonly<Record<string, (words: readonly string[]) => Download | undefined>> = {
  curl: readCurl,
  wget: readWget,
};

/** False if wget might choose another name because the file exists. */
function canWrite(machine: Machine, { path, isNewOnly }: Download): boolean {
  return path === undefined || isNewOnly !== true || find(machine, path).state === "absent";
}

interface Download {
  readonly url: string;
  /** The file that it is written to; absent for the standard output. */
  readonly path?: string;
  /** True if an existing file stays and the new one gets another name. */
  readonly isNewOnly?: true;
  /** True if it follows redirects. */
  readonly follows: boolean;
}

/** Options that change neither what is fetched nor where it is written. */
const curlOptions: OptionSpec = {
  flags: "fsSLk46#gvNO",
  valued: "oAme",
  long: {
    fail: "f",
    silent: "s",
    "show-error": "S",
    location: "L",
    insecure: "k",
    ipv4: "4",
    ipv6: "6",
    "progress-bar": "#",
    globoff: "g",
    verbose: "v",
    "no-buffer": "N",
    "retry-connrefused": "v",
    "retry-all-errors": "v",
    "tlsv1.2": "v",
    "tlsv1.3": "v",
    "http1.1": "v",
    "remote-name": "O",
    output: "o",
    "user-agent": "A",
    referer: "e",
    "max-time": "m",
    "connect-timeout": "m",
    retry: "m",
    "retry-delay": "m",
    "retry-max-time": "m",
    proto: "m",
    "proto-redir": "m",
    "max-redirs": "m",
  },
};

/** @see curl(1) */
function readCurl(words: readonly string[]): Download | undefined {
  const options = readOptions(words, curlOptions);
  const url = onlyUrl(options?.operands);
  if (!options || url === undefined) return undefined;
  const output = options.values.get("o");
  const name = options.flags.has("O") ? nameIn(url) : output;
  if (options.flags.has("O") && (name === undefined || output !== undefined)) return undefined;
  return { url, follows: options.flags.has("L"), ...(name !== undefined && name !== "-" && { path: name }) };
}

const wgetOptions: OptionSpec = {
  flags: "qnv46",
  valued: "OPtTUw",
  long: {
    quiet: "q",
    "no-verbose": "v",
    verbose: "v",
    "no-check-certificate": "v",
    "https-only": "v",
    "no-hsts": "v",
    "no-cache": "v",
    "show-progress": "v",
    "no-cookies": "v",
    "retry-connrefused": "v",
    "inet4-only": "4",
    "inet6-only": "6",
    "output-document": "O",
    "directory-prefix": "P",
    tries: "t",
    timeout: "T",
    "connect-timeout": "T",
    "read-timeout": "T",
    wait: "w",
    waitretry: "w",
    "user-agent": "U",
    progress: "w",
    "secure-protocol": "w",
  },
};

/** @see wget(1) */
function readWget(words: readonly string[]): Download | undefined {
  const options = readOptions(words, wgetOptions);
  const url = onlyUrl(options?.operands);
  // `-nc` and `-nd` are options of their own.
  if (!options || url === undefined || words.some((word) => /^-[a-zA-Z]*n(?!v)/.test(word))) return undefined;
  const output = options.values.get("O");
  if (output === "-") return { url, follows: true };
  if (output !== undefined) return { url, follows: true, path: output };
  const name = nameIn(url);
  const folder = options.values.get("P");
  if (name === undefined) return undefined;
  const path = folder === undefined ? name : `${folder.replace(/\/+$/, "")}/${name}`;
  return { url, follows: true, path, isNewOnly: true };
}

function onlyUrl(operands: readonly string[] | undefined): string | undefined {
  const [url, ...more] = operands ?? [];
  return url !== undefined && more.length === 0 && /^https?:\/\/[^{}[\]]+$/i.test(url) ? url : undefined;
}

/** The name of the file in a URL; undefined with a query, which some programs add to the name. */
function nameIn(url: string): string | undefined {
  const [, name] = /^[a-z]+:\/\/[^/?#]+\/(?:[^?#]*\/)?([^/?#%]+)$/i.exec(url) ?? [];
  return name;
}
