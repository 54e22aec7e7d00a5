import { regexMatcher } from "./regex.ts";

/**
 * Returns a test for the text of a path filter: a part of a path, a glob if it has `*` or `?`, or a regular expression
 * over `/the/path` if it is `/…/`. Case is ignored. Undefined for an invalid regular expression.
 */
export function pathMatcher(text: string): ((path: string) => boolean) | undefined {
  const [, pattern] = /^\/(.+)\/$/s.exec(text.trim()) ?? [];
  if (pattern !== undefined && /[\\^$.|+()[\]{}*?]/.test(pattern)) {
    const matches = regexMatcher(pattern);
    return matches && ((path) => matches(`/${path}`));
  }
  const wanted = text.trim().toLowerCase().replace(/^\//, "");
  if (wanted === "") return () => true;
  if (!/[*?]/.test(wanted)) return (path) => path.toLowerCase().includes(wanted);
  const tokens = wanted.replace(/\*+/g, "*");
  // A glob without a slash matches names, as in .gitignore. With one it matches paths, from the root or any folder.
  return tokens.includes("/")
    ? (path) => globMatches(tokens, path.toLowerCase()) || globMatches(`*/${tokens}`, path.toLowerCase())
    : (path) => globMatches(tokens, path.slice(path.lastIndexOf("/") + 1).toLowerCase());
}

/**
 * Matches a glob: `*` is any text, `?` one character. Backtracks to the last star only, so the time is at most pattern
 * × text.
 */
export function globMatches(glob: string, text: string): boolean {
  let [at, in_, star, mark] = [0, 0, -1, 0];
  while (in_ < text.length) {
    if (glob[at] === "*") {
      star = at++;
      mark = in_;
    } else if (at < glob.length && (glob[at] === "?" || glob[at] === text[in_])) {
      at++;
      in_++;
    } else if (star >= 0) {
      at = star + 1;
      in_ = ++mark;
    } else return false;
  }
  while (glob[at] === "*") at++;
  return at === glob.length;
}
