/** The names that a script sets: by an assignment, `for NAME`, `read NAME`, `export NAME` and the like. */
export function namesSetIn(script: string): ReadonlySet<string> {
  const assigned = [...script.matchAll(/(?<!\w)(\w+)\+?=/g)].map(([, name = ""]) => name);
  const named = [
    ...script.matchAll(/\b(?:for|read|getopts|mapfile|readarray|export|declare|local|readonly)\b([^;&|\n]*)/g),
  ].flatMap(([, words = ""]) => words.match(/\w+/g) ?? []);
  return new Set([...assigned, ...named]);
}

/** True if a script sources a file, which may set any name. */
export function readsFile(script: string): boolean {
  return /(?:^|[\s;&])(?:source|\.)\s+[^\s;&]/.test(script);
}
