import { parseClauses, type Clause } from "./specifier.ts";

/** A requirement of a package: `requests[socks]>=2; python_version < "3.13"`. */
export interface Requirement {
  /** Normalised: in lower case, with `-` between words. */
  readonly name: string;
  /** Normalised. */
  readonly extras: readonly string[];
  readonly clauses: readonly Clause[];
  /** The condition under which it counts, as written. */
  readonly marker?: string;
}

/** The name under which indexes list a project. */
export function normalizedName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

const form = /^([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(.*)$/s;

/**
 * Parses a requirement by name; undefined for anything else, such as an address or a path.
 *
 * @see https://packaging.python.org/en/latest/specifications/dependency-specifiers/
 */
export function parseRequirement(text: string): Requirement | undefined {
  const semicolon = text.indexOf(";");
  const [head, marker] = semicolon < 0 ? [text, undefined] : [text.slice(0, semicolon), text.slice(semicolon + 1)];
  const [, name, extras = "", versions = ""] = form.exec(head.trim()) ?? [];
  if (name === undefined) return undefined;
  const clauses = parseClauses(versions.trim().replace(/^\((.*)\)$/s, "$1"));
  if (!clauses) return undefined;
  return {
    name: normalizedName(name),
    extras: extras.split(",").flatMap((extra) => (extra.trim() === "" ? [] : normalizedName(extra.trim()))),
    clauses,
    ...(marker !== undefined && marker.trim() !== "" && { marker: marker.trim() }),
  };
}
