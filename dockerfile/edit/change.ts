import type { Span } from "../syntax/syntax.ts";

/** Replaces the text of `span`; an empty span inserts. */
export interface Change {
  readonly span: Span;
  readonly text: string;
}
