import { nearestName } from "../../syntax/nearestName.ts";
import { allRules } from "./allRules.ts";
import type { RuleMeta } from "../rule.ts";

/** The rules with this id or alias, in any case. Several if another linter's one rule is several here. */
export function findRules(name: string, among: readonly RuleMeta[] = allRules): readonly RuleMeta[] {
  const wanted = name.toLowerCase();
  return among.filter((meta) => [meta.id, ...meta.aliases].some((known) => known.toLowerCase() === wanted));
}

/** True for one of ShellCheck's codes, such as `SC2086`. Which codes exist depends on the installed program. */
export function isShellCheckCode(name: string): boolean {
  return /^SC\d{4}$/i.test(name);
}

/** The message for a name that doesn't belong to any rule; undefined if it does. */
export function ruleNameProblem(name: string): string | undefined {
  if (isShellCheckCode(name) || findRules(name).length > 0) return undefined;
  // With one digit more or less it would be a different code, so only words are guessed.
  const found = /^[A-Z]+\d+$/i.test(name)
    ? undefined
    : nearestName(
        name,
        allRules.flatMap((meta) => [meta.id, ...meta.aliases]),
      );
  return `unknown rule ${name}${found === undefined ? "" : `; did you mean ${found}?`}`;
}
