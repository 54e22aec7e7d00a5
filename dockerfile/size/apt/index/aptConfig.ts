/** apt's configuration: values by lower-case name with `::` between its parts. A list has one value per member. */
export type AptConfig = ReadonlyMap<string, readonly string[]>;

/** Longer files aren't configuration. */
const maxConfigLength = 1024 * 1024;

/**
 * Parses the files of `/etc/apt/apt.conf.d` in the given order; later values replace earlier ones, but lists grow.
 * @see apt.conf(5)
 */
export function parseAptConfig(texts: readonly string[]): AptConfig {
  const config = new Map<string, readonly string[]>();
  for (const text of texts) if (text.length <= maxConfigLength) readBlock(tokensOf(text), config);
  return config;
}

/** Adds the options from `-o Name=value` on the command line. */
export function withOptions(config: AptConfig, options: readonly string[]): AptConfig {
  const changed = new Map(config);
  for (const option of options) {
    const equals = option.indexOf("=");
    if (equals > 0) set(changed, option.slice(0, equals).trim(), option.slice(equals + 1).trim());
  }
  return changed;
}

/** The last value of a name; undefined if it was never set. */
export function valueOf(config: AptConfig, name: string): string | undefined {
  return config.get(name.toLowerCase())?.at(-1);
}

/** A value as a boolean; undefined if it was never set or isn't a boolean. @see apt strutl.cc, StringToBool */
export function booleanOf(config: AptConfig, name: string): boolean | undefined {
  const value = valueOf(config, name)?.toLowerCase();
  if (value === undefined) return undefined;
  if (["1", "yes", "true", "with", "on", "enable"].includes(value)) return true;
  return ["0", "no", "false", "without", "off", "disable"].includes(value) ? false : undefined;
}

function readBlock(tokens: readonly string[], config: Map<string, readonly string[]>): void {
  const scopes: string[] = [];
  let words: string[] = [];
  const finish = (): void => {
    const [first = "", ...rest] = words.map(unquote);
    const isMember = words.length === 1 && (words[0] ?? "").startsWith('"');
    if (isMember) set(config, [...scopes, ""].join("::"), first);
    else if (words.length > 0 && !first.startsWith("#")) set(config, [...scopes, first].join("::"), rest.join(" "));
    words = [];
  };
  for (const token of tokens) {
    if (token === "{") {
      scopes.push(words.map(unquote).join(" "));
      words = [];
    } else if (token === "}") {
      finish();
      scopes.pop();
    } else if (token === ";") finish();
    else words.push(token);
  }
}

/** Sets a value; a name that ends with `::` adds to a list. */
function set(config: Map<string, readonly string[]>, name: string, value: string): void {
  const isList = name.endsWith("::");
  const key = name.replace(/(?:::)+$/, "").toLowerCase();
  config.set(key, isList ? [...(config.get(key) ?? []), value] : [value]);
}

/** Words, quoted strings with their quotes, and the signs `{`, `}` and `;`, without comments. */
function tokensOf(text: string): readonly string[] {
  const pattern = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|#(?!clear|include)[^\n]*|"[^"]*"|[{};]|[^\s{};"]+/g;
  return [...text.matchAll(pattern)]
    .map(([token]) => token)
    .filter((token) => !/^(?:\/\/|\/\*|#(?!clear|include))/.test(token));
}

function unquote(token: string): string {
  return token.startsWith('"') ? token.slice(1, -1) : token;
}
