/** The reason why a path couldn't be read, in a few words; undefined if nothing exists there. */
export function diskProblem(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  return reasons.get(code) ?? (error instanceof Error ? error.message : String(error));
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["ELOOP", "it is a link"],
  ["EISDIR", "it is a folder"],
  ["EMFILE", "too many files are open"],
  ["ENFILE", "too many files are open"],
  // Some files of /proc only accept reads of certain lengths.
  ["EINVAL", "it is not a regular file"],
  // An open pipe or a file of /proc that has no data at the moment.
  ["EAGAIN", "it is not a regular file"],
  ["ENXIO", "it is not a regular file"],
]);
