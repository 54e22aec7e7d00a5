import { nearestName } from "../../syntax/nearestName.ts";
import { allRules } from "./allRules.ts";
import type { RuleMeta } from "../rule.ts";

/** The rules of this id or alias, in any case. Several where a peer's rule is several here. */
export function findRules(name: string, among: readonly RuleMeta[] = allRules): readonly RuleMeta[] {
  const wanted = name.toLowerCase();
  return among.filter((meta) => [meta.id, ...meta.aliases].some((known) => known.toLowerCase() === wanted));
}

/** Whether it is one of ShellCheck's codes, `SC2086`: there are as many as the installed program knows. */
export function isShellCheckCode(name: string): boolean {
  return /^SC\d{4}$/i.test(name);
}

/** What to say of a name that is no rule's; undefined of one that is. */
export function ruleNameProblem(name: string): string | undefined {
  if (isShellCheckCode(name) || findRules(name).length > 0) return undefined;
  // One digit more or less is another code: only words are guessed.
  const found = /^[A-Z]+\d+$/i.test(name)
    ? undefined
    : nearestName(
        name,
        allRules.flatMap((meta) => [meta.id, ...meta.aliases]),
      );
  return `unknown rule ${name}${found === undefined ? "" : `; did you mean ${found}?`}`;
}
