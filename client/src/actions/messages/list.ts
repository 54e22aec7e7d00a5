const maxListed = 8;

/** The first few names, and the number of others. */
export function shortList(names: readonly string[]): string {
  const more = names.length - maxListed;
  return more <= 1 ? names.join(", ") : `${names.slice(0, maxListed).join(", ")} and ${more} more`;
}
