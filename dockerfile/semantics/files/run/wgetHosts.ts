import { find, writeFile, type Machine } from "./machine.ts";
import { textOutput, unknownOutput, type Output } from "./output.ts";
import type { Call } from "./programs/program.ts";

/** A URL that wget has fetched. */
export interface Visit {
  readonly url: string;
  readonly isRedirected?: boolean;
  /** The answer's header `Strict-Transport-Security`. */
  readonly strictTransport?: string;
}

/**
 * Keeps a host that asks for HTTPS in wget's file of such hosts.
 * @see RFC 6797, wget(1) `--hsts-file`
 */
export function noteHost({ words }: Call, machine: Machine, visit: Visit): void {
  if (words.some((word) => /^--no-(?:hsts|check-certificate)$/.test(word))) return;
  const entry = entryOf(visit);
  if (entry === undefined) return;
  const home = machine.shell.outer("HOME")?.value;
  if (home === undefined) {
    machine.gap ??= "the home folder, where `wget` keeps its list of hosts, is not known";
    return;
  }
  const path = `${home}/.wget-hsts`;
  const isNew = find(machine, path).state === "absent";
  writeFile(machine, path, isNew ? entry : unknownOutput, "replaced");
}

/** The file with the host of a visit only, of unknown size after redirects; undefined if the host asks for nothing. */
function entryOf({ url, isRedirected = false, strictTransport = "" }: Visit): Output | undefined {
  // The answers of the hosts before the last one aren't known.
  if (isRedirected) return unknownOutput;
  const { protocol, hostname, port } = new URL(url);
  const [, age = "0"] = /max-age="?(\d+)/i.exec(strictTransport) ?? [];
  if (protocol !== "https:" || age === "0") return undefined;
  const includesAll = /includeSubDomains/i.test(strictTransport) ? 1 : 0;
  return textOutput(`${head}${hostname}\t${port === "" ? 0 : port}\t${includesAll}\t${createdSeconds}\t${age}\n`);
}

const head =
  "# HSTS 1.0 Known Hosts database for GNU Wget.\n# Edit at your own risk.\n" +
  "# <hostname>\t<port>\t<incl. subdomains>\t<created>\t<max-age>\n";

/** A time in seconds since 1970: those of builds have ten digits until 2286. */
const createdSeconds = "1796062790";
