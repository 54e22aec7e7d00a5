import { argumentsInjection, dockerfileInjection, expandedInjection, joinedLinesInjections } from "./dockerfile.ts";
import { dockerignore } from "./dockerignore.ts";
import type { Grammar } from "./rule.ts";

/** The grammars by their file names, without `.tmLanguage.json`. */
export const grammars: Readonly<Record<string, Grammar>> = {
  dockerfile: dockerfileInjection,
  ...Object.fromEntries(
    joinedLinesInjections.map((grammar) => [`dockerfile-${grammar.scopeName.split(".").at(-1) ?? ""}`, grammar]),
  ),
  "dockerfile-arguments": argumentsInjection,
  "dockerfile-expanded": expandedInjection,
  dockerignore,
};
