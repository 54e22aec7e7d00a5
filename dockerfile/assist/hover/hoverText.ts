import type { Span } from "../../syntax/syntax.ts";

/** The content of a hover. */
export interface HoverText {
  /** The explained text. */
  readonly span: Span;
  readonly markdown: string;
}
