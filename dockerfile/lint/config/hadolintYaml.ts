import { LineCounter, isMap, isScalar, isSeq, parseDocument, type Node } from "yaml";
import { nearestName } from "../../syntax/nearestName.ts";
import type { Span } from "../../syntax/syntax.ts";
import type { Severity } from "../rule.ts";
import { hadolintLevels, hadolintThresholds, labelFormats, noConfig, type LintConfig } from "./lintConfig.ts";
import type { LabelFormat } from "./ruleConfig.ts";
import { ruleNameProblem } from "./findRule.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";

export interface ConfigProblem {
  readonly span: Span;
  /** Zero-based. */
  readonly line: number;
  readonly message: string;
}

export interface DecodedConfig {
  readonly config: LintConfig;
  /** In the file's order. */
  readonly problems: readonly ConfigProblem[];
  /** The text isn't YAML, so nothing of it applies. */
  readonly isUnread?: true;
}

/**
 * Reads a `.hadolint.yaml`. Anything not understood is a problem and the rest applies; nothing applies if it isn't
 * YAML. Never throws.
 * @see https://github.com/hadolint/hadolint#configure
 */
export function decodeLintConfig(text: string): DecodedConfig {
  const counter = new LineCounter();
  const problemAt = (from: number, to: number, message: string): ConfigProblem => {
    // The parser's own errors may lie past the end.
    const start = Math.min(from, text.length);
    const end = start + (text.slice(start, to).split(/\r?\n/, 1)[0] ?? "").trimEnd().length;
    return { span: { start, end }, line: counter.linePos(start).line - 1, message };
  };
  try {
    // Nodes are read as written. Aliases are never resolved: a few of them can expand to gigabytes.
    const document = parseDocument(text, { lineCounter: counter });
    const [error] = document.errors;
    if (error)
      return {
        config: noConfig,
        isUnread: true,
        problems: [
          problemAt(...error.pos, `the file isn't valid YAML, so none of it applies: ${firstLine(error.message)}`),
        ],
      };
    const draft: Draft = { severities: new Map(), ignored: [], config: {}, problems: [], problemAt };
    readRoot(draft, document.contents);
    for (const name of draft.ignored) draft.severities.set(name, "off");
    const problems = draft.problems.toSorted((a, b) => a.span.start - b.span.start);
    return { config: { ...draft.config, severities: Object.fromEntries(draft.severities) }, problems };
  } catch (error) {
    // The only exception that the parser throws on a text: it is recursive, and deep brackets exhaust the stack.
    if (!(error instanceof RangeError)) throw error;
    return {
      config: noConfig,
      isUnread: true,
      problems: [problemAt(0, 0, "the file is nested too deeply, so none of it applies")],
    };
  }
}

interface Draft {
  readonly severities: Map<string, Severity | "off">;
  /** hadolint lets these win over `override`, wherever they appear. */
  readonly ignored: string[];
  config: Omit<LintConfig, "severities">;
  readonly problems: ConfigProblem[];
  readonly problemAt: (start: number, end: number, message: string) => ConfigProblem;
}

type Reader = (draft: Draft, value: unknown, key: Node) => void;

/** Keys for hadolint's own output are ignored. */
const ofItsOutput: Reader = () => undefined;

const keys: Readonly<Record<string, Reader>> = {
  ignored: (draft, value, key) => void draft.ignored.push(...ruleNames(draft, value, key, "ignored")),
  override: readOverride,
  trustedRegistries: (draft, value, key) =>
    set(draft, { trustedRegistries: registries(draft, value, key, "trustedRegistries") }),
  unpinnedRegistries: (draft, value, key) =>
    set(draft, { unpinnedRegistries: registries(draft, value, key, "unpinnedRegistries") }),
  "label-schema": readLabelSchema,
  "strict-labels": (draft, value, key) => set(draft, { strictLabels: boolean(draft, value, key) }),
  "disable-ignore-pragma": (draft, value, key) => set(draft, { isIgnorePragmaDisabled: boolean(draft, value, key) }),
  "failure-threshold": (draft, value, key) =>
    set(draft, draft.config.failOn === "never" ? {} : { failOn: choice(draft, value, key, hadolintThresholds) }),
  "no-fail": (draft, value, key) => set(draft, boolean(draft, value, key) ? { failOn: "never" } : {}),
  format: ofItsOutput,
  formats: ofItsOutput,
  "no-color": ofItsOutput,
  verbose: ofItsOutput,
};

function readRoot(draft: Draft, root: unknown): void {
  if (isEmpty(root)) return;
  if (!isMap(root))
    return report(draft, root, undefined, "a configuration is a map of keys, as in `ignored: [DL3008]`");
  for (const { key, value } of root.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const reader = ownEntry(keys, name);
    if (!reader) report(draft, key, undefined, `unknown key ${name}${meant(name, Object.keys(keys))}`);
    else if (isNode(key) && !isEmpty(value)) reader(draft, value, key);
  }
}

function readOverride(draft: Draft, value: unknown, key: Node): void {
  if (!isMap(value))
    return report(draft, value, key, "override is a map of error, warning, info and style to lists of rules");
  for (const { key: level, value: list } of value.items) {
    const name = isScalar(level) ? String(level.value) : "";
    const severity = ownEntry(hadolintLevels, name);
    if (!severity || !isNode(level))
      report(
        draft,
        level,
        key,
        `unknown level ${name}${meant(name, Object.keys(hadolintLevels))}; the levels are error, warning, info and style`,
      );
    else
      for (const rule of isEmpty(list) ? [] : ruleNames(draft, list, level, `override.${name}`))
        draft.severities.set(rule, severity);
  }
}

function readLabelSchema(draft: Draft, value: unknown, key: Node): void {
  if (!isMap(value))
    return report(draft, value, key, "label-schema is a map of labels to what they hold, as in `author: text`");
  const schema = new Map<string, LabelFormat>();
  for (const { key: label, value: format } of value.items) {
    if (!isScalar(label) || !isNode(label)) report(draft, label, key, "a label's key is a text");
    else {
      const known = isEmpty(format) ? "text" : choice(draft, format, label, labelFormats);
      if (known) schema.set(String(label.value), known);
    }
  }
  set(draft, { labelSchema: schema });
}

/** Keys whose value couldn't be read stay absent. */
function set(draft: Draft, read: { readonly [Key in keyof LintConfig]?: LintConfig[Key] | undefined }): void {
  draft.config = {
    ...draft.config,
    ...Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)),
  };
}

function ruleNames(draft: Draft, value: unknown, key: Node, name: string): string[] {
  const items = itemsOf(value);
  if (!items) {
    report(draft, value, key, `${name} is a list of rules, as in \`[DL3008]\``);
    return [];
  }
  return items.flatMap((item) => {
    const rule = isScalar(item) && typeof item.value === "string" ? item.value : undefined;
    const problem = rule === undefined ? `${name} lists rules by name, as in DL3008` : ruleNameProblem(rule);
    if (problem === undefined) return rule ?? [];
    report(draft, item, key, problem);
    return [];
  });
}

function registries(draft: Draft, value: unknown, key: Node, name: string): string[] | undefined {
  const message = `${name} is a list of registries, as in \`[docker.io, "*.example.com"]\``;
  const items = itemsOf(value);
  const strings = items?.flatMap((item) => (isScalar(item) && typeof item.value === "string" ? item.value : []));
  if (!items || strings?.length !== items.length)
    report(draft, items?.find((item) => !isScalar(item) || typeof item.value !== "string") ?? value, key, message);
  return strings;
}

/** hadolint reads YAML 1.1, in which all of these are booleans. */
function boolean(draft: Draft, value: unknown, key: Node): boolean | undefined {
  const word = isScalar(value) ? String(value.value).toLowerCase() : "";
  if (["true", "yes", "on", "y"].includes(word)) return true;
  if (["false", "no", "off", "n"].includes(word)) return false;
  report(draft, value, key, `${isScalar(key) ? String(key.value) : "this"} is true or false`);
  return undefined;
}

function choice<T extends string>(
  draft: Draft,
  value: unknown,
  key: Node,
  choices: Readonly<Record<string, T>>,
): T | undefined {
  const word = isScalar(value) ? String(value.value) : "";
  const chosen = ownEntry(choices, word);
  if (chosen !== undefined) return chosen;
  const names = Object.keys(choices).filter((name) => name !== "");
  report(
    draft,
    value,
    key,
    `${isScalar(key) ? String(key.value) : "this"} can't be ${word === "" ? "this" : word}${meant(word, names)}; it is one of ${names.join(", ")}`,
  );
  return undefined;
}

function itemsOf(value: unknown): readonly unknown[] | undefined {
  return isSeq(value) ? value.items : undefined;
}

/** `key:` without a value. */
function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (isScalar(value) && value.value === null);
}

/** A node without its own position is reported at its key. */
function report(draft: Draft, node: unknown, key: Node | undefined, message: string): void {
  const [start, end] = (isNode(node) ? node.range : undefined) ?? key?.range ?? [0, 0];
  draft.problems.push(draft.problemAt(start, end, message));
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value);
}

function meant(written: string, candidates: readonly string[]): string {
  const found = nearestName(written, candidates);
  return found === undefined ? "" : `; did you mean ${found}?`;
}

function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? message).replace(/ at line \d+, column \d+:$/, "");
}
