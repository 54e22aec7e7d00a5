import type { SyntaxProblem, SyntaxProblemKind } from "../../syntax/syntax.ts";
import { defineRule, type LintRule, type RuleDefinition } from "../rule.ts";

type SyntaxRuleDefinition = Pick<
  RuleDefinition<SyntaxProblem>,
  "id" | "group" | "summary" | "why" | "aliases" | "sources" | "examples"
> & { readonly kinds: readonly SyntaxProblemKind[] };

/** Defines a rule that reports text the parser couldn't read: the build would fail there. */
export function defineSyntaxRule({ kinds, ...texts }: SyntaxRuleDefinition): LintRule {
  return defineRule<SyntaxProblem>({
    ...texts,
    severity: "error",
    *check({ build: { file } }) {
      for (const problem of file.problems)
        if (kinds.includes(problem.kind)) yield { span: problem.span, data: problem };
    },
    message: ({ message }) => message,
    fixSafety: "unsafe",
    fix: ({ data: { span, suggestion } }) =>
      suggestion === undefined ? undefined : { title: `Write ${suggestion}`, changes: [{ span, text: suggestion }] },
  });
}
