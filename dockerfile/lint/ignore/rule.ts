import type { Facts } from "../../facts/fact.ts";
import { defineRule, type LintRule, type RuleDefinition } from "../rule.ts";
import type { IgnoreDocument } from "./document.ts";

/** The input of a rule for ignore files. */
export interface IgnoreLintInput {
  readonly file: IgnoreDocument;
  readonly facts: Facts;
}

export type IgnoreRule = LintRule<IgnoreLintInput>;

/** Defines a rule for ignore files, which is otherwise like one for Dockerfiles. */
export function defineIgnoreRule<Data>(definition: Omit<RuleDefinition<Data, IgnoreLintInput>, "subject">): IgnoreRule {
  return defineRule<Data, IgnoreLintInput>({ ...definition, subject: "dockerignore" });
}
