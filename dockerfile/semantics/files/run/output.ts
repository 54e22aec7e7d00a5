import { utf8Length } from "../../../context/utf8Length.ts";
import type { ContentOrigin } from "../imageFile.ts";

/** The standard output of a command. */
export interface Output {
  /** Undefined if unknown. */
  readonly bytes: number | undefined;
  /** Why they are unknown, if the cause is known. */
  readonly unknown?: string;
  /** The text, if it is known and short. */
  readonly text?: string;
  readonly origin?: ContentOrigin;
}

/** The way a command ends: its exit code; "assumed" to be 0, because otherwise the build would fail; or "unknown". */
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
  if (first.bytes === 0) return second;
  if (second.bytes === 0) return first;
  if (first.text !== undefined && second.text !== undefined) return textOutput(first.text + second.text);
  return { bytes: first.bytes === undefined || second.bytes === undefined ? undefined : first.bytes + second.bytes };
}
