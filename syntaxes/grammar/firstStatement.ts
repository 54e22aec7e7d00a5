import type { Rule } from "./rule.ts";

/**
 * VS Code's shell grammar recognizes a command only at the start of a line or after an operator, so a command after RUN
 * begins with the grammar's inner rules.
 */
export const firstStatement: Rule = {
  begin: String.raw`\G(?=\S)`,
  end: String.raw`(?!\G)`,
  patterns: [{ include: "source.shell#typical_statements" }],
};
