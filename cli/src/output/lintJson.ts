import type { LintedFile } from "./lintedFile.ts";
import { positionsOf } from "../positions.ts";

/** The stable JSON of `lint --format json`, version 1. Positions as in LSP. */
export function lintJson(linted: readonly LintedFile[]) {
  return {
    version: 1,
    files: linted.map(({ input, reports }) => {
      const { range } = positionsOf(input.text);
      return {
        path: input.path,
        problems: reports.map(({ rule, severity, message, span, fix }) => {
          const found = fix?.();
          return {
            rule: rule.id,
            aliases: rule.aliases,
            severity,
            message,
            range: range(span),
            fix: found
              ? {
                  title: found.title,
                  safety: found.safety,
                  edits: found.changes.map((change) => ({ range: range(change.span), newText: change.text })),
                }
              : null,
          };
        }),
      };
    }),
  };
}
