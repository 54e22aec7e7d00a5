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

/** Which rules look at a fixture, and what they are told. */
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

/** The findings of the fixture are its marks, no more and no less. */
export function checkDiagnostics(fixture: string, options: CheckOptions = {}): void {
  const { text } = unmark(fixture);
  const found = lint(text, options).map(({ span, message }) => ({ ...span, label: message }));
  assert.equal(mark(text, found), mark(text, unmark(fixture).marks));
}

/** Applies the fixes of all findings; of those that overlap, the first. */
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

/** What rules are told by the text of a `.hadolint.yaml`, in which there must be nothing to complain of. */
export function configured(text: string | undefined): LintOptions {
  if (text === undefined) return {};
  const { config, problems } = decodeLintConfig(text);
  assert.deepEqual(problems, []);
  return { config: ruleConfigOf(config) };
}

/** One rule, enabled whatever its severity, with nothing else beside it. */
export function only(rule: LintRule): LintOptions {
  return {
    rules: [rule],
    severities: { [rule.meta.id]: rule.meta.severity === "off" ? "warning" : rule.meta.severity },
  };
}

/** Facts as an example gives them; what it does not give can't be had. */
export function knownFacts(known: KnownFacts): Facts {
  return {
    get<K extends FactKey>(key: K): FactState<FactTypes[K["kind"]]> {
      const found = known.find(([other]) => JSON.stringify(other) === JSON.stringify(key));
      // The example says that this fact has this value; its type is the example's promise.
      return found
        ? { state: "known", value: found[1] as FactTypes[K["kind"]] }
        : { state: "unavailable", reason: "not in this example" };
    },
  };
}
