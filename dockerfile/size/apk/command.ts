/** The effect of a command of apk. */
export type ApkCommand =
  | {
      readonly does: "add" | "upgrade";
      /** As written: `curl`, `nginx=1.26.2-r0`. */
      readonly requests: readonly string[];
      /** The name of a package that only stands for the others. */
      readonly virtual?: string;
      /** Takes the newest versions of all that it needs. */
      readonly upgrades: boolean;
      readonly fetches: IndexFetch;
      /** Addresses that the command names besides those of the image. */
      readonly repositories: readonly string[];
    }
  | { readonly does: "delete"; readonly names: readonly string[] }
  | { readonly does: "update" }
  /** Doesn't change any file. */
  | { readonly does: "nothing" }
  | { readonly does: "unknown"; readonly why: string };

/** The indexes that it downloads: "missing" those that the image lacks; "unkept" ones are gone afterwards. */
export type IndexFetch = "missing" | "always" | "unkept";

const valued: ReadonlySet<string> = new Set([
  ...["--virtual", "--repository", "--wait", "--timeout", "--keys-dir", "--cache-max-age", "--progress-fd"],
  ...["--root", "--arch", "--cache-dir", "--repositories-file"],
]);

/** Options by which apk installs elsewhere, from elsewhere, or not at all. */
const decisive: ReadonlySet<string> = new Set([
  ...["--root", "--arch", "--cache-dir", "--repositories-file", "--initdb", "--no-network"],
  ...["--force-broken-world", "--overlay-from-stdin", "--available"],
]);

const shortOptions: ReadonlyMap<string, string> = new Map([
  ["U", "--update-cache"],
  ["u", "--upgrade"],
  ["l", "--latest"],
  ["t", "--virtual"],
  ["X", "--repository"],
  ["p", "--root"],
  ["s", "--simulate"],
  ["a", "--available"],
]);

const harmless: ReadonlySet<string> = new Set([
  ...["info", "list", "search", "version", "policy", "stats", "audit", "verify", "dot", "manifest", "index", "query"],
]);

/** Parses the words after `apk`. */
export function parseApk(words: readonly string[]): ApkCommand {
  const { options, operands } = split(words);
  const [action, ...names] = operands;
  const odd = [...options.keys()].find((name) => decisive.has(name));
  if (action === undefined || harmless.has(action) || options.has("--simulate")) return { does: "nothing" };
  if (odd !== undefined) return { does: "unknown", why: `runs apk with ${odd}` };
  switch (action) {
    case "update":
      return options.has("--no-cache") ? { does: "nothing" } : { does: "update" };
    case "add":
      return installOf("add", names, options);
    case "upgrade":
      return installOf("upgrade", [], options);
    case "del":
      return { does: "delete", names };
    case "cache":
      return { does: "nothing" };
    default:
      return { does: "unknown", why: `runs \`apk ${action}\`` };
  }
}

type Options = ReadonlyMap<string, readonly string[]>;

function installOf(does: "add" | "upgrade", requests: readonly string[], options: Options): ApkCommand {
  const virtual = options.get("--virtual")?.at(-1);
  const isFile = requests.find((name) => name.endsWith(".apk") || name.includes("/"));
  if (isFile !== undefined) return { does: "unknown", why: `installs ${isFile}` };
  const fetches = options.has("--update-cache") || options.has("--update") ? "always" : "missing";
  return {
    does,
    requests,
    upgrades: does === "upgrade" || options.has("--upgrade") || options.has("--latest"),
    fetches: options.has("--no-cache") ? "unkept" : fetches,
    repositories: (options.get("--repository") ?? []).map((url) => url.replace(/\/+$/, "")),
    ...(virtual !== undefined && { virtual }),
  };
}

function split(words: readonly string[]): { readonly options: Options; readonly operands: readonly string[] } {
  const options = new Map<string, string[]>();
  const operands: string[] = [];
  const rest = words.flatMap((word) => (/^-[a-zA-Z]+$/.test(word) ? longOf(word) : [word]));
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith("-")) {
      operands.push(word);
      continue;
    }
    const [name = "", value] = word.split(/=(.*)/s);
    const given = value ?? (valued.has(name) ? rest.shift() : undefined);
    options.set(name, [...(options.get(name) ?? []), ...(given === undefined ? [] : [given])]);
  }
  return { options, operands };
}

/** Short options may be written as one word, the last with its value: `-Ut`, `-tname`. */
function longOf(word: string): readonly string[] {
  const found: string[] = [];
  for (let index = 1; index < word.length; index++) {
    const name = shortOptions.get(word.charAt(index)) ?? `-${word.charAt(index)}`;
    found.push(name);
    if (valued.has(name) && index + 1 < word.length) return [...found, word.slice(index + 1)];
  }
  return found;
}
