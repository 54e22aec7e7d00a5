import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { InitializeParams } from "vscode-languageserver";
import type { RuleMeta } from "../../dockerfile/lint/rule.ts";
import type { InitializationOptions } from "../protocol/protocol.ts";

/** The URL of a rule's page; undefined if it doesn't have one. */
export type RulePages = (rule: RuleMeta) => string | undefined;

/**
 * The pages as an editor opens them: below the URL that it gives, otherwise the files that come with the server, if
 * any. ShellCheck's rules link to ShellCheck's own pages. An editor that doesn't show URLs gets none.
 */
export function rulePages({ capabilities, initializationOptions }: InitializeParams): RulePages {
  const { publishDiagnostics, diagnostic } = capabilities.textDocument ?? {};
  if (!publishDiagnostics?.codeDescriptionSupport && !diagnostic?.codeDescriptionSupport) return () => undefined;
  const { rulePages: given }: InitializationOptions = initializationOptions ?? {};
  const base = typeof given === "string" ? given : shippedPages();
  return ({ id, sources }) =>
    /^SC\d+$/.test(id) ? sources[0] : base === undefined ? undefined : `${base}${encodeURIComponent(id)}.md`;
}

/** The pages are next to `dist/` in the package, and next to `server/` in a checkout. */
function shippedPages(): string | undefined {
  const folder =
    typeof __dirname === "string" ? join(__dirname, "../docs/rules/") : join(import.meta.dirname, "../../docs/rules/");
  return existsSync(folder) ? pathToFileURL(folder).href : undefined;
}
