import type { Change } from "../edit/change.ts";
import type { Facts, FactKey } from "../facts/fact.ts";
import type { Span } from "../syntax/syntax.ts";
import type { Build } from "../semantics/build.ts";
import type { RuleConfig } from "./config/ruleConfig.ts";
import type { RuleGroup } from "./groups.ts";

export type Severity = "error" | "warning" | "info" | "hint";

/** The input of a rule: the meaning of the file, facts from beyond its text, and the user's configuration. */
export interface LintInput {
  readonly build: Build;
  readonly facts: Facts;
  readonly config: RuleConfig;
}

/** The description of a rule for documentation, settings and code actions. */
export interface RuleMeta {
  /** In kebab case: the name of the file, the diagnostic's code and the setting's key. */
  readonly id: string;
  /** The property that the rule protects; settings and the command line can name the whole group. */
  readonly group: RuleGroup;
  /** One line for tables and settings, Markdown. */
  readonly summary: string;
  /** Markdown; paragraphs are separated by an empty line. */
  readonly why: string;
  /** "off" means that the rule doesn't run unless enabled. */
  readonly severity: Severity | "off";
  /** The codes in other linters, which let their ignore comments work here. */
  readonly aliases: readonly string[];
  readonly sources: readonly string[];
  /** Executed as tests; a rule without one does not compile. */
  readonly examples: readonly [RuleExample, ...RuleExample[]];
  /** Only safe fixes take part in fix-all. Also "unsafe" if some findings have no fix or an unsafe one. */
  readonly fixSafety: "safe" | "unsafe" | "none";
  /**
   * A command, other than `fix`, that resolves the finding: "pin" puts a digest into the image reference at the
   * report's span.
   */
  readonly fixedBy?: "pin";
  /** Hints for drawing the finding in an editor. */
  readonly tags?: readonly ReportTag[];
  /** The files that the rule checks; Dockerfiles if absent. */
  readonly subject?: "dockerignore";
}

export type ReportTag = "unnecessary" | "deprecated";

/**
 * `bad` has marks (a line of blanks, `^^^`, a message). `good` is the result of the fix, or a text without findings if
 * there isn't a fix.
 */
export interface RuleExample {
  readonly bad: string;
  readonly good: string;
  /** Facts from beyond the text. */
  readonly facts?: readonly (readonly [FactKey, unknown])[];
  /** The text of a `.hadolint.yaml` that applies. */
  readonly config?: string;
}

export interface Report {
  readonly rule: RuleMeta;
  /** Within one line. */
  readonly span: Span;
  readonly message: string;
  readonly severity: Severity;
  /** The other place that the finding is about. */
  readonly related?: RelatedPlace;
  /** Absent if this finding has no fix. */
  readonly fix?: () => Fix;
  /**
   * True if the rule itself failed. The report replaces the rule's findings, which are unknown, and comments can't
   * silence it.
   */
  readonly isFailure?: true;
}

export interface RelatedPlace {
  readonly span: Span;
  /** A description of the place. */
  readonly message: string;
}

export interface Fix {
  /** An imperative without a trailing stop: `Pin the tag`. */
  readonly title: string;
  readonly safety: "safe" | "unsafe";
  /** In the file's order, not overlapping. */
  readonly changes: readonly Change[];
}

export interface Finding<Data> {
  /** Shown up to the end of its first line. */
  readonly span: Span;
  readonly data: Data;
  readonly related?: RelatedPlace;
}

export interface RuleDefinition<Data, Input = LintInput> extends Omit<RuleMeta, "fixSafety"> {
  /** The safety of all fixes, or of the safest one if a fix overrides it. Required with `fix`. */
  readonly fixSafety?: "safe" | "unsafe";
  check(input: Input): Iterable<Finding<Data>>;
  message(data: Data): string;
  /** The changes that remove the finding; undefined if this one can't be fixed. */
  readonly fix?: (finding: Finding<Data>, input: Input) => RuleFix | undefined;
}

export interface RuleFix {
  readonly title: string;
  readonly changes: readonly Change[];
  /** Set if this fix is less safe than the rule's fixes generally are. */
  readonly safety?: "unsafe";
}

export interface LintRule<Input = LintInput> {
  readonly meta: RuleMeta;
  /** A report's `rule` is `meta`, or one that this rule covers (`SC2086`), which has its own severity. */
  reports(input: Input): Iterable<Omit<Report, "severity">>;
}

/** Erases `Data`, so that rules of different types fit in one list. */
export function defineRule<Data, Input extends WithText = LintInput>(
  definition: RuleDefinition<Data, Input>,
): LintRule<Input> {
  const { check, message, fix, fixSafety, ...rest } = definition;
  const meta: RuleMeta = { ...rest, fixSafety: (fix && fixSafety) ?? "none" };
  return {
    meta,
    *reports(input) {
      for (const finding of check(input))
        yield {
          rule: meta,
          span: withinLine(textOf(input), finding.span),
          message: message(finding.data),
          ...(finding.related && { related: finding.related }),
          ...fixOf(definition, finding, input),
        };
    },
  };
}

/** The text that a rule looks at, for any kind of rule. */
export type WithText = { readonly build: { readonly file: HasText } } | { readonly file: HasText };
type HasText = { readonly text: string };

/** The text of the file that is linted. */
export function textOf(input: WithText): string {
  return "build" in input ? input.build.file.text : input.file.text;
}

function fixOf<Data, Input>(
  { fix, fixSafety = "unsafe" }: RuleDefinition<Data, Input>,
  finding: Finding<Data>,
  input: Input,
): Pick<Report, "fix"> {
  const made = fix?.(finding, input);
  return made ? { fix: () => ({ title: made.title, safety: made.safety ?? fixSafety, changes: made.changes }) } : {};
}

/** Limits a span to one line: squiggles over several lines hide more than they show. */
export function withinLine(text: string, { start, end }: Span): Span {
  const newline = text.indexOf("\n", start);
  return newline < 0 || newline >= end ? { start, end } : { start, end: endBeforeBlanks(text, start, newline) };
}

/** The end of a range of a text, without trailing blanks and continuation characters. */
export function endBeforeBlanks(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && /[\s\\`]/.test(text[last - 1] ?? "")) last--;
  return last;
}
