/**
 * True if a text matches an fnmatch pattern: `*` is any run of characters, including slashes, and `?` any one. Brackets
 * are literal. Takes at most as many steps as the product of both lengths, since patterns come from images.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const sign = pattern[inPattern];
    if (sign === "*") {
      star = inPattern++;
      resume = at;
    } else if (sign === "?" || sign === text[at]) {
      at++;
      inPattern++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}
