/** True for a name in capitals that is only a placeholder: `REPLACE-ME`, `your/CHANGE_ME`. */
export function isPlaceholder(name: string): boolean {
  return name
    .split("/")
    .some((part) => part === part.toUpperCase() && part.split(/[-_.]/).some((word) => placeholderWords.has(word)));
}

const placeholderWords: ReadonlySet<string> = new Set(
  "REPLACE REPLACEME CHANGE CHANGEME PLACEHOLDER TODO FIXME TBD YOUR INSERT FILL SET XXX".split(" "),
);
