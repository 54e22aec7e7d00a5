/** Codes that are pointless in a Dockerfile. @see https://www.shellcheck.net/wiki/ */
export const excludedCodes: ReadonlyMap<number, string> = new Map([
  [1090, "a sourced file is in the image, where ShellCheck can't look"],
  [1091, "a sourced file is in the image, where ShellCheck can't look"],
  [2187, "that ash is read as dash is how it is meant"],
]);

/**
 * Codes whose fix keeps the script's behaviour. A human has to decide on all others: most of them quote a variable,
 * which is wrong if it holds several words or may be empty, and ShellCheck can't know.
 */
export const safeCodes: ReadonlyMap<number, string> = new Map([
  [2004, "in arithmetic a name is its value"],
  [2006, "`$(…)` does what backquotes do; with backslashes in between it does not, so those are left out"],
  [2236, "`-n` is what `! -z` means"],
  [2237, "`-n` is what `! -z` means"],
]);
