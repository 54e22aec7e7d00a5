import type { Facts } from "../../facts/fact.ts";
import { defineRule, type LintRule, type RuleDefinition } from "../rule.ts";
import type { IgnoreDocument } from "./document.ts";

/** What a rule for ignore files may look at. */
export interface IgnoreLintInput {
  readonly file: IgnoreDocument;
  readonly facts: Facts;
}

export type IgnoreRule = LintRule<IgnoreLintInput>;

/** A rule for ignore files, otherwise like one for Dockerfiles. */
export function defineIgnoreRule<Data>(definition: Omit<RuleDefinition<Data, IgnoreLintInput>, "subject">): IgnoreRule {
  return defineRule<Data, IgnoreLintInput>({ ...definition, subject: "dockerignore" });
}
