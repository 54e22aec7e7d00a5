import { scopesOf, type Scopes } from "../syntax/expand/variables.ts";
import type { Dockerfile } from "../syntax/syntax.ts";

/** The variables of a file as its text alone tells them; made once for all rules. */
export function scopesIn(file: Dockerfile): Scopes {
  let scopes = known.get(file);
  if (!scopes) known.set(file, (scopes = scopesOf(file)));
  return scopes;
}

const known = new WeakMap<Dockerfile, Scopes>();
