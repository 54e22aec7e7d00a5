/** A line of the file: its newline (`\n` and every `\r` before it) begins at `contentEnd`, the next line at `end`. */
export interface Line {
  readonly start: number;
  readonly contentEnd: number;
  readonly end: number;
}

/** The line that begins at `position`; undefined at the end of the text. */
export function lineAt(text: string, position: number): Line | undefined {
  if (position >= text.length) return undefined;
  const newline = text.indexOf("\n", position);
  const end = newline === -1 ? text.length : newline + 1;
  let contentEnd = newline === -1 ? end : newline;
  while (contentEnd > position && isNewlinePart(text.charCodeAt(contentEnd - 1))) contentEnd--;
  return { start: position, contentEnd, end };
}

function isNewlinePart(code: number): boolean {
  return code === 0x0d || code === 0x0a;
}
