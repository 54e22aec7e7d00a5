import type { Stage } from "../syntax/syntax.ts";
import { scopesOf, type Scopes } from "../syntax/expand/variables.ts";
import { baseImageOf } from "./baseImages.ts";
import type { LintInput } from "../lint/rule.ts";

/** The variables of a file with those that local base images set; made once for all rules. */
export function scopesWithBases(input: LintInput): Scopes {
  let scopes = known.get(input);
  if (!scopes) known.set(input, (scopes = scopesOf(input.file, { baseEnv: (stage) => baseEnv(input, stage) })));
  return scopes;
}

const known = new WeakMap<LintInput, Scopes>();

function baseEnv({ file, facts }: LintInput, stage: Stage): ReadonlyMap<string, string> | undefined {
  if (stage.base?.value === "scratch") return new Map();
  const base = baseImageOf(file, stage);
  const fact = base && facts.get({ kind: "baseImage", reference: base.text });
  if (fact?.state !== "known") return undefined;
  return new Map(fact.value.env.map((entry) => [entry.split("=", 1)[0] ?? "", entry.slice(entry.indexOf("=") + 1)]));
}
