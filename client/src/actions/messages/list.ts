import { l10n } from "../../ui/l10n.ts";

const maxListed = 8;

/** The first few names, and the number of others. */
export function shortList(names: readonly string[]): string {
  const more = names.length - maxListed;
  return more <= 1 ? names.join(", ") : l10n.t("{0} and {1} more", names.slice(0, maxListed).join(", "), more);
}
