/** A package of yarn.lock. */
export interface YarnEntry {
  /** The requests that it answers: `a@^1.0.0`. */
  readonly patterns: readonly string[];
  /** Of its folder. */
  readonly name: string;
  readonly version: string;
  readonly url?: string;
  readonly integrity?: string;
  /** Patterns of what it depends on. */
  readonly needs: readonly string[];
  readonly optionalNeeds: readonly string[];
}

/** More than any project has. */
const maxPackages = 50_000;

/**
 * Parses a yarn.lock of Yarn 1. Returns the reason as a text if that fails.
 * @see https://classic.yarnpkg.com/lang/en/docs/yarn-lock/
 */
export function readYarnLock(text: string): readonly YarnEntry[] | string {
  if (/^__metadata:/m.test(text)) return "is of Yarn 2 or later, whose sizes aren't followed";
  if (!/^# yarn lockfile v1/m.test(text)) return "is not a lock file of Yarn";
  const parts = text.split(/\n(?=[^\s#])/).slice(1);
  if (parts.length > maxPackages) return `has more than ${maxPackages} packages`;
  return parts.map(entryOf);
}

function entryOf(part: string): YarnEntry {
  const [head = "", ...lines] = part.split("\n");
  const patterns = wordsOf(head.replace(/:\s*$/, ""));
  const [first = ""] = patterns;
  const { fields, lists } = fieldsOf(lines);
  const [version = "", url, integrity] = ["version", "resolved", "integrity"].map((field) => fields.get(field));
  return {
    patterns,
    name: first.slice(0, first.indexOf("@", 1)),
    version,
    ...(url !== undefined && { url }),
    ...(integrity !== undefined && { integrity }),
    needs: lists.get("dependencies") ?? [],
    optionalNeeds: lists.get("optionalDependencies") ?? [],
  };
}

interface Fields {
  readonly fields: ReadonlyMap<string, string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

function fieldsOf(lines: readonly string[]): Fields {
  const fields = new Map<string, string>();
  const lists = new Map<string, string[]>();
  let list: string[] = [];
  for (const line of lines) {
    const [key = "", value] = wordsOf(line);
    if (line.startsWith("    ")) list.push(`${key}@${value ?? ""}`);
    else if (value !== undefined) fields.set(key, value);
    else lists.set(key.replace(/:$/, ""), (list = []));
  }
  return { fields, lists };
}

/** Words between spaces and commas, some of them in quotes. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|[^\s",]+/g)].map(([word, quoted]) => quoted ?? word);
}
