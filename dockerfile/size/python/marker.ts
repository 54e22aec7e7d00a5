import { fulfils, parseClauses } from "./specifier.ts";
import { parseVersion } from "./version.ts";

/** The variables of environment markers, by name: `python_version` is "3.12". */
export type MarkerEnvironment = ReadonlyMap<string, string>;

/** Longer markers aren't read. */
const maxTokens = 500;
const maxDepth = 50;

const token = /\s*(\(|\)|"[^"]*"|'[^']*'|===|==|~=|!=|<=|>=|<|>|[\w.]+)/y;

interface Reader {
  readonly tokens: readonly string[];
  readonly environment: MarkerEnvironment;
  at: number;
  depth: number;
}

/**
 * Evaluates the condition after the `;` of a requirement. Undefined if it can't be read.
 *
 * @see https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers
 */
export function evaluateMarker(text: string, environment: MarkerEnvironment): boolean | undefined {
  const tokens = tokensOf(text);
  if (!tokens) return undefined;
  const reader: Reader = { tokens, environment, at: 0, depth: 0 };
  const value = anyOf(reader);
  return reader.at === tokens.length ? value : undefined;
}

function tokensOf(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  const rest = text.trimEnd();
  token.lastIndex = 0;
  for (let end = 0; end < rest.length; end = token.lastIndex) {
    const [, found] = token.exec(rest) ?? [];
    if (found === undefined || tokens.length === maxTokens) return undefined;
    tokens.push(found);
  }
  return tokens;
}

function anyOf(reader: Reader): boolean | undefined {
  let value = allOf(reader);
  while (reader.tokens[reader.at] === "or") {
    reader.at++;
    const other = allOf(reader);
    value = value === undefined || other === undefined ? undefined : value || other;
  }
  return value;
}

function allOf(reader: Reader): boolean | undefined {
  let value = oneOf(reader);
  while (reader.tokens[reader.at] === "and") {
    reader.at++;
    const other = oneOf(reader);
    value = value === undefined || other === undefined ? undefined : value && other;
  }
  return value;
}

function oneOf(reader: Reader): boolean | undefined {
  if (reader.tokens[reader.at] !== "(") return comparison(reader);
  if (++reader.depth > maxDepth) return undefined;
  reader.at++;
  const value = anyOf(reader);
  reader.depth--;
  return reader.tokens[reader.at++] === ")" ? value : undefined;
}

function comparison(reader: Reader): boolean | undefined {
  const left = valueAt(reader);
  let operator = reader.tokens[reader.at++] ?? "";
  if (operator === "not") operator = `not ${reader.tokens[reader.at++] ?? ""}`;
  const right = valueAt(reader);
  return left === undefined || right === undefined ? undefined : compare(left, operator, right);
}

function valueAt(reader: Reader): string | undefined {
  const word = reader.tokens[reader.at++] ?? "";
  return /^["']/.test(word) ? word.slice(1, -1) : reader.environment.get(word);
}

function compare(left: string, operator: string, right: string): boolean | undefined {
  if (operator === "in") return right.includes(left);
  if (operator === "not in") return !right.includes(left);
  const version = parseVersion(left);
  const clauses = parseClauses(operator + right);
  return version && clauses?.length === 1 ? fulfils(version, clauses) : compareTexts(left, operator, right);
}

function compareTexts(left: string, operator: string, right: string): boolean | undefined {
  switch (operator) {
    case "==":
    case "===":
      return left === right;
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    default:
      return undefined;
  }
}
