import type { Variable } from "../syntax/expand/variables.ts";
import { shorten } from "../../oci/core/text.ts";

/** The value of a variable and its origin, in a few words: `12 · ARG`. */
export function formatValue({ value, origin }: Variable): string {
  const from = origins[origin];
  return value === undefined ? from : `${shorten(value.replace(/\s+/g, " "), 60)} · ${from}`;
}

export const origins: Readonly<Record<Variable["origin"], string>> = {
  arg: "ARG",
  env: "ENV",
  predefined: "predefined ARG",
  baseImage: "base image",
};
