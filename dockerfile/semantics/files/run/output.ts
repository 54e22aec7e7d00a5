import { utf8Length } from "../../../context/utf8Length.ts";

/** What a command writes to its standard output. */
export interface Output {
  /** Undefined if it isn't known. */
  readonly bytes: number | undefined;
  /** The text, if it is known and short. */
  readonly text?: string;
}

/** How a command ends: its exit code; "assumed" to be 0, as it must be for the build to go on; or anything. */
export type Status = number | "assumed" | "unknown";

export interface Result {
  readonly status: Status;
  readonly output: Output;
}

export const noOutput: Output = { bytes: 0, text: "" };
export const unknownOutput: Output = { bytes: undefined };
export const success: Result = { status: 0, output: noOutput };
export const failure: Result = { status: 1, output: noOutput };

/** Longer texts are only counted. */
const maxTextCharacters = 64 * 1024;

export function textOutput(text: string): Output {
  const bytes = utf8Length(text);
  return text.length > maxTextCharacters ? { bytes } : { bytes, text };
}

export function joinOutputs(first: Output, second: Output): Output {
  if (first.text !== undefined && second.text !== undefined) return textOutput(first.text + second.text);
  return { bytes: first.bytes === undefined || second.bytes === undefined ? undefined : first.bytes + second.bytes };
}
