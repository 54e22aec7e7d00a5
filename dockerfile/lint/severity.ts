import type { Severity } from "./rule.ts";

const known: ReadonlySet<string> = new Set(["error", "warning", "info", "hint", "off"]);

/** Severities by rule as settings give them; a value that is no severity is left out. */
export function readSeverities(section: Readonly<Record<string, string>>): Readonly<Record<string, Severity | "off">> {
  return Object.fromEntries(Object.entries(section).filter((entry): entry is [string, Severity | "off"] => known.has(entry[1])));
}
