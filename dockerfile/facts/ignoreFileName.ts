/** True if a path or URI is an ignore file's rather than a Dockerfile's. */
export function isIgnoreFile(path: string): boolean {
  return path.endsWith(ignoreFileName);
}

/**
 * The Dockerfile NAME that `NAME.dockerignore` applies to; undefined for `.dockerignore`, which applies to the context
 * in whose root it is.
 */
export function dockerfileOfIgnoreFile(path: string): string | undefined {
  const dockerfile = path.slice(0, -ignoreFileName.length);
  return dockerfile === "" || /[\\/]$/.test(dockerfile) ? undefined : dockerfile;
}

const ignoreFileName = ".dockerignore";
