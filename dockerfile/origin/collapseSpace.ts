/** Normalizes blanks and line ends, which mean little and differ between builders. */
export function collapseSpace(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
