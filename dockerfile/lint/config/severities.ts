import type { RuleMeta, Severity } from "../rule.ts";

type Severities = Readonly<Record<string, Severity | "off">>;

const known: ReadonlySet<string> = new Set(["error", "warning", "info", "hint", "off"]);

/** Severities by rule, as given in settings; invalid values are left out. */
export function readSeverities(section: Readonly<Record<string, string>>): Severities {
  return Object.fromEntries(
    Object.entries(section).filter((entry): entry is [string, Severity | "off"] => known.has(entry[1])),
  );
}

/**
 * Merges several sources of severities. For each rule, by whatever name, a later source overrides an earlier one.
 * Within one source an id overrides an alias. Groups are passed on: a rule's own severity, from whatever source, wins
 * over its group's.
 */
export function layeredSeverities(layers: readonly Severities[], rules: readonly RuleMeta[]): Severities {
  const idsOf = new Map<string, string[]>();
  for (const { id, aliases } of rules)
    for (const alias of aliases) idsOf.set(alias.toLowerCase(), [...(idsOf.get(alias.toLowerCase()) ?? []), id]);
  const ids = new Set(rules.map(({ id }) => id));
  const all = new Map<string, Severity | "off">();
  for (const layer of layers) {
    const byName = Object.entries(layer).map(([name, severity]) => [name.toLowerCase(), severity] as const);
    for (const [name, severity] of byName) for (const id of idsOf.get(name) ?? []) all.set(id, severity);
    // Anything that is neither is a code that a rule covers, such as SC2086.
    for (const [name, severity] of byName) if (ids.has(name) || !idsOf.has(name)) all.set(name, severity);
  }
  return Object.fromEntries(all);
}
