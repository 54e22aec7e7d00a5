import assert from "node:assert/strict";
import type { FactKey, Facts, FactState, FactTypes } from "../../../dockerfile/facts/fact.ts";
import type { Build, BuildOptions } from "../../../dockerfile/semantics/build.ts";
import { createBuild } from "../../../dockerfile/semantics/createBuild.ts";
import type { LintRule, Report } from "../../../dockerfile/lint/rule.ts";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { decodeLintConfig } from "../../../dockerfile/lint/config/hadolintYaml.ts";
import { ruleConfigOf } from "../../../dockerfile/lint/config/lintConfig.ts";
import { runRules, type LintOptions } from "../../../dockerfile/lint/run.ts";
import { loadShellParser } from "../../../dockerfile/shellAssets.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { mark, unmark } from "./unmark.ts";

export type KnownFacts = readonly (readonly [FactKey, unknown])[];

/** The rules to check a fixture with, and their input. */
export interface CheckOptions extends LintOptions {
  readonly facts?: KnownFacts | undefined;
}

export const shell = await loadShellParser();

/** The build of a text, for rules and estimators. */
export function buildOf(text: string, facts: KnownFacts = [], options?: BuildOptions): Build {
  return createBuild(parse(text), shell, knownFacts(facts), options);
}

/** Reports on a text without marks; a rule that throws fails the test. */
export function lint(text: string, options: CheckOptions = {}): Report[] {
  const onCrash = (id: string, error: unknown): void => {
    throw new Error(`${id} threw on ${JSON.stringify(text)}`, { cause: error });
  };
  return runRules(buildOf(text, options.facts), { onCrash, ...options });
}

/** Checks that the findings of the fixture are exactly its marks. */
export function checkDiagnostics(fixture: string, options: CheckOptions = {}): void {
  const { text } = unmark(fixture);
  const found = lint(text, options).map(({ span, message }) => ({ ...span, label: message }));
  assert.equal(mark(text, found), mark(text, unmark(fixture).marks));
}

/** Applies the fixes of all findings; of overlapping ones, the first. */
export function fixed(text: string, options: CheckOptions = {}): string {
  let last = -1;
  const changes = lint(text, options).flatMap((report) => {
    const own = report.fix?.().changes ?? [];
    const isApart = own.every(({ span }) => span.start >= last);
    if (isApart) last = Math.max(last, ...own.map(({ span }) => span.end));
    return isApart ? own : [];
  });
  return applyChanges(text, changes);
}

/** The input of rules from the text of a `.hadolint.yaml`, which must be valid. */
export function configured(text: string | undefined): LintOptions {
  if (text === undefined) return {};
  const { config, problems } = decodeLintConfig(text);
  assert.deepEqual(problems, []);
  return { config: ruleConfigOf(config) };
}

/** Exactly one rule, enabled whatever its severity. */
export function only(rule: LintRule): LintOptions {
  return {
    rules: [rule],
    severities: { [rule.meta.id]: rule.meta.severity === "off" ? "warning" : rule.meta.severity },
  };
}

/** Facts given by an example; all others are unavailable. */
export function knownFacts(known: KnownFacts): Facts {
  return {
    get<K extends FactKey>(key: K): FactState<FactTypes[K["kind"]]> {
      const found = known.find(([other]) => JSON.stringify(other) === JSON.stringify(key));
      // The example states that this fact has this value, which guarantees its type.
      return found
        ? { state: "known", value: found[1] as FactTypes[K["kind"]] }
        : { state: "unavailable", reason: "not in this example" };
    },
  };
}
