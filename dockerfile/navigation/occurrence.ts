import type { Span, Stage } from "../syntax/syntax.ts";

/** What an occurrence names: all occurrences of one thing have an equal one. */
export type Target =
  | { readonly kind: "stage"; readonly id: string; readonly stage: Stage }
  | { readonly kind: "variable"; readonly id: string; readonly name: string; readonly by: "ARG" | "ENV" };

/** A place that sets or names a stage or variable. */
export interface Occurrence {
  readonly span: Span;
  readonly target: Target;
  readonly role: "declaration" | "use";
  /** Of a use: the declaration that it reads. */
  readonly declaration?: Span;
  /** Why another name can't be put here. */
  readonly obstacle?: string;
  /** BuildKit compares it with names in lower case. */
  readonly isLowerCase?: true;
}
