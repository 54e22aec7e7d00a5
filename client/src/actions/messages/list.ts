const maxListed = 8;

/** The first few, and how many more there are. */
export function shortList(names: readonly string[]): string {
  const more = names.length - maxListed;
  return more <= 1 ? names.join(", ") : `${names.slice(0, maxListed).join(", ")} and ${more} more`;
}
