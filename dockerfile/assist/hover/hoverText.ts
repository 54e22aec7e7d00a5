import type { Span } from "../../syntax/syntax.ts";

/** What a hover shows. */
export interface HoverText {
  /** The text that it is about. */
  readonly span: Span;
  readonly markdown: string;
}
