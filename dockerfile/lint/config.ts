import { LineCounter, isMap, isScalar, isSeq, parseDocument, type Node } from "yaml";
import type { Severity } from "./rule.ts";

/** What a `.hadolint.yaml` says of rules. */
export interface LintConfig {
  /** By rule id or alias. */
  readonly severities: Readonly<Record<string, Severity | "off">>;
  readonly problems: readonly ConfigProblem[];
}

export interface ConfigProblem {
  /** Zero-based. */
  readonly line: number;
  readonly message: string;
}

/** hadolint's levels and ours. @see https://github.com/hadolint/hadolint#configure */
const levels: Readonly<Record<string, Severity>> = { error: "error", warning: "warning", info: "info", style: "hint" };

/** Keys that hadolint knows and that say nothing of a rule's severity. */
const otherKeys: ReadonlySet<string> = new Set([
  "failure-threshold", "format", "formats", "label-schema", "strict-labels", "trustedRegistries", "disable-ignore-pragma", "no-fail", "no-color", "verbose",
]);

/** Reads `ignored` and `override`; what is not understood is a problem with its line, and the rest applies. */
export function decodeLintConfig(text: string): LintConfig {
  const counter = new LineCounter();
  // Nodes are read as they stand: aliases, of which a few can stand for gigabytes, are never resolved.
  const document = parseDocument(text, { lineCounter: counter });
  const severities: Record<string, Severity | "off"> = {};
  const problems: ConfigProblem[] = document.errors.map(({ pos, message }) => ({ line: counter.linePos(pos[0]).line - 1, message: message.split("\n")[0] ?? message }));
  const lineOf = (node: unknown) => (isNode(node) && node.range ? counter.linePos(node.range[0]).line - 1 : 0);
  const report = (node: unknown, message: string) => void problems.push({ line: lineOf(node), message });
  const root = document.contents;
  if (root === null) return { severities, problems };
  if (!isMap(root)) return { severities, problems: [...problems, { line: 0, message: "a configuration is a map of keys, as in `ignored: [DL3008]`" }] };

  const setAll = (list: unknown, severity: Severity | "off", key: string) => {
    if (!isSeq(list)) return report(list, `${key} is a list of rules`);
    for (const item of list.items) {
      if (isScalar(item) && typeof item.value === "string") severities[item.value] = severity;
      else report(item, `${key} lists rules by name, as in DL3008`);
    }
  };
  for (const { key, value } of root.items) {
    const name = isScalar(key) ? String(key.value) : "";
    if (name === "ignored") setAll(value, "off", "ignored");
    else if (name === "override") readOverride(value, setAll, report);
    else if (!otherKeys.has(name)) report(key, `there is no key ${name}`);
  }
  return { severities, problems };
}

function readOverride(value: unknown, setAll: (list: unknown, severity: Severity, key: string) => void, report: (node: unknown, message: string) => void): void {
  if (!isMap(value)) return report(value, "override is a map of error, warning, info and style to lists of rules");
  for (const { key, value: list } of value.items) {
    const name = isScalar(key) ? String(key.value) : "";
    const severity = levels[name];
    if (severity) setAll(list, severity, `override.${name}`);
    else report(key, `there is no level ${name}; the levels are error, warning, info and style`);
  }
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value);
}
