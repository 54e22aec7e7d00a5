import type { Piece, Range } from "./logicalText.ts";

/** A field without its quotes; `range` includes them. */
export interface CsvField {
  readonly range: Range;
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/**
 * The comma-separated fields of one line by the rules of Go's encoding/csv; undefined if it is empty or its quotes are
 * misplaced.
 * @see https://pkg.go.dev/encoding/csv
 */
export function csvFields(line: string): CsvField[] | undefined {
  if (line === "") return undefined;
  const fields: CsvField[] = [];
  let position = 0;
  for (;;) {
    const field = line[position] === '"' ? quotedField(line, position) : plainField(line, position);
    if (!field) return undefined;
    fields.push(field);
    if (field.range.end >= line.length) return fields;
    position = field.range.end + 1;
  }
}

function plainField(line: string, start: number): CsvField | undefined {
  const comma = line.indexOf(",", start);
  const range = { start, end: comma === -1 ? line.length : comma };
  const text = line.slice(range.start, range.end);
  return text.includes('"') ? undefined : { range, text, pieces: [{ at: 0, source: start }] };
}

function quotedField(line: string, start: number): CsvField | undefined {
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  let position = start + 1;
  for (;;) {
    const quote = line.indexOf('"', position);
    if (quote === -1) return undefined;
    const isDoubled = line[quote + 1] === '"';
    const part = line.slice(position, isDoubled ? quote + 1 : quote);
    pieces.push({ at: length, source: position });
    parts.push(part);
    length += part.length;
    position = quote + 2;
    if (isDoubled) continue;
    const isEnd = quote + 1 === line.length || line[quote + 1] === ",";
    return isEnd ? { range: { start, end: quote + 1 }, text: parts.join(""), pieces } : undefined;
  }
}
