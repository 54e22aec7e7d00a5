/**
 * The usual names of the files besides Dockerfiles that name images, by kind, as globs for an editor; they also match
 * some files that `references/in` doesn't take for one.
 */
export const pinnedFilePatterns: ReadonlyMap<string, string> = new Map([
  ["compose", "**/{compose,docker-compose}*.{yml,yaml}"],
  ["bake", "**/{{docker-bake,bake}*.{hcl,json},*.bake.hcl}"],
  ["devcontainer", "**/{devcontainer,.devcontainer}.json"],
  ["workflow", "**/{.github/workflows/*,action}.{yml,yaml}"],
]);

/** The globs of some kinds; names that aren't kinds have none. */
export function patternsOf(kinds: readonly string[]): readonly string[] {
  return kinds.flatMap((kind) => pinnedFilePatterns.get(kind) ?? []);
}
