import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { safeFixes } from "../../../dockerfile/lint/fixes/safeFixes.ts";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { lint } from "../../support/dockerfile/check.ts";

const everyRule = { severities: Object.fromEntries(rules.map(({ meta }) => [meta.id, "warning" as const])) };

/** The text after `lint --enable all --fix`. */
export function safelyFixed(text: string): string {
  let current = text;
  for (let round = 0; round < 10; round++) current = applyChanges(current, safeFixes(lint(current, everyRule)));
  return current;
}
