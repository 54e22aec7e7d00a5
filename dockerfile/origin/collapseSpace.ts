/** Blanks and line ends mean little, and every builder keeps them in its own way. */
export function collapseSpace(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
