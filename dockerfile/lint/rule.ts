import type { Facts, FactKey } from "../facts/fact.ts";
import type { Dockerfile, Span } from "../syntax/syntax.ts";
import type { ShellParser } from "../syntax/shell.ts";

export type Severity = "error" | "warning" | "info" | "hint";

/** Replaces the text of `span`; an empty span inserts. */
export interface Change {
  readonly span: Span;
  readonly text: string;
}

/** What a rule may look at: the syntax, the shell inside it, and what is known beyond the text. */
export interface LintInput {
  readonly file: Dockerfile;
  readonly shell: ShellParser;
  readonly facts: Facts;
}

/** All that documentation, settings and code actions need to know of a rule. */
export interface RuleMeta {
  /** Kebab case; the file's name, the diagnostic's code, the setting's key. */
  readonly id: string;
  /** One line for tables and settings. */
  readonly summary: string;
  readonly why: string;
  /** "off" is not run unless enabled. */
  readonly severity: Severity | "off";
  /** The peers' codes, so that their ignore comments work here. */
  readonly aliases: readonly string[];
  readonly sources: readonly string[];
  /** Executed as tests; a rule without one does not compile. */
  readonly examples: readonly [RuleExample, ...RuleExample[]];
  /** Only safe fixes take part in fix-all. */
  readonly fixSafety: "safe" | "unsafe" | "none";
}

/** `bad` with marks (a line of blanks, `^^^`, a message); `good` is what the fix makes of it, or a text without findings where there is no fix. */
export interface RuleExample {
  readonly bad: string;
  readonly good: string;
  /** What is known beside the text. */
  readonly facts?: readonly (readonly [FactKey, unknown])[];
}

export interface Report {
  readonly rule: RuleMeta;
  readonly span: Span;
  readonly message: string;
  readonly severity: Severity;
  readonly tags?: readonly ("unnecessary" | "deprecated")[];
  /** Lazy; absent where this finding has none. */
  readonly fix?: () => Fix;
}

export interface Fix {
  /** An imperative without a trailing stop: `Pin the tag`. */
  readonly title: string;
  readonly safety: "safe" | "unsafe";
  readonly changes: readonly Change[];
}

export interface Finding<Data> {
  readonly span: Span;
  readonly data: Data;
}

export interface RuleDefinition<Data> extends Omit<RuleMeta, "fixSafety"> {
  readonly fixSafety?: "safe" | "unsafe";
  check(input: LintInput): Iterable<Finding<Data>>;
  message(data: Data): string;
  /** The changes that remove the finding; undefined where this one can't be mended. */
  readonly fix?: (finding: Finding<Data>, input: LintInput) => { readonly title: string; readonly changes: readonly Change[] } | undefined;
}

export interface LintRule {
  readonly meta: RuleMeta;
  reports(input: LintInput): Iterable<Omit<Report, "severity">>;
}
