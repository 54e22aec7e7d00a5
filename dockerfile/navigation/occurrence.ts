import type { Span, Stage } from "../syntax/syntax.ts";

/** The thing that an occurrence names; equal for all its occurrences. */
export type Target =
  | { readonly kind: "stage"; readonly id: string; readonly stage: Stage }
  | { readonly kind: "variable"; readonly id: string; readonly name: string; readonly by: "ARG" | "ENV" };

/** A place that sets or names a stage or variable. */
export interface Occurrence {
  readonly span: Span;
  readonly target: Target;
  readonly role: "declaration" | "use";
  /** For a use: the declaration that it reads. */
  readonly declaration?: Span;
  /** The reason why another name can't be inserted here. */
  readonly obstacle?: string;
  /** True if BuildKit compares it with names in lower case. */
  readonly isLowerCase?: true;
}
