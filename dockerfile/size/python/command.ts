/** The parts of `pip install` that decide what is installed. */
export interface PipInstall {
  readonly does: "install";
  /** Requirements as given: names with versions, and anything else such as `.` or an address. */
  readonly requests: readonly string[];
  /** Paths as written. */
  readonly requirementFiles: readonly string[];
  readonly constraintFiles: readonly string[];
  /** An address; absent: the index that pip is configured with. */
  readonly index?: string;
  readonly extraIndexes: readonly string[];
  readonly upgrades: boolean;
  readonly takesPrereleases: boolean;
  readonly ignoresDependencies: boolean;
  /** True if packages are installed although they are already there: `--ignore-installed`, `--target`. */
  readonly ignoresInstalled: boolean;
  /** True if later commands don't see what is installed: `--target`, `--prefix`, `--root`. */
  readonly goesElsewhere: boolean;
  readonly compiles: boolean;
  readonly keepsCache: boolean;
}

/** The effect of one command of pip. */
export type PipCommand =
  | PipInstall
  /** Writes nothing into a layer. */
  | { readonly does: "nothing" }
  | { readonly does: "purgeCache" }
  /** `why` is for the middle of a sentence. */
  | { readonly does: "unknown"; readonly why: string };

/** Looks up variables such as `PIP_NO_CACHE_DIR` by their names. */
export type PipVariables = (name: string) => string | undefined;

/** Commands that only print. */
const printing: ReadonlySet<string> = new Set([
  "",
  "--version",
  "-V",
  "--help",
  "-h",
  "help",
  "list",
  "show",
  "freeze",
  "check",
  "debug",
  "inspect",
  "hash",
]);

/** Parses the words after `pip`, or after `python -m pip`. */
export function parsePip(words: readonly string[], variables: PipVariables): PipCommand {
  const at = words.findIndex((word) => !word.startsWith("-"));
  const action = words[at] ?? words[0] ?? "";
  const options = readOptions([...words.slice(0, Math.max(at, 0)), ...words.slice(at + 1)]);
  if (printing.has(action)) return { does: "nothing" };
  if (action === "cache") return words.includes("purge") ? { does: "purgeCache" } : { does: "nothing" };
  if (action !== "install") return { does: "unknown", why: `runs \`pip ${action.slice(0, maxShown)}\`` };
  if (typeof options === "string") return { does: "unknown", why: options };
  const odd = decidingVariables.find((name) => (variables(name) ?? "") !== "");
  if (odd !== undefined) return { does: "unknown", why: `runs pip with the variable ${odd}` };
  return installOf(options, variables);
}

/** Of a word in a tooltip. */
const maxShown = 30;

/** Those whose effect is not followed. */
const decidingVariables: readonly string[] = [
  "PIP_TARGET",
  "PIP_PREFIX",
  "PIP_ROOT",
  "PIP_USER",
  "PIP_REQUIREMENT",
  "PIP_CONSTRAINT",
  "PIP_NO_BINARY",
  "PIP_ONLY_BINARY",
  "PIP_FIND_LINKS",
  "PIP_NO_INDEX",
  "PIP_NO_DEPS",
  "PIP_PRE",
  "PIP_UPGRADE",
  "PIP_PLATFORM",
  "PIP_CONFIG_FILE",
  "PIP_CACHE_DIR",
];

interface Options {
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

/** Options with a value, by all their names; the last name is the one that is used here. */
const valued: ReadonlyMap<string, string> = new Map(
  [
    ["-r", "--requirement"],
    ["-c", "--constraint"],
    ["-i", "--index-url"],
    ["--extra-index-url"],
    ["-t", "--target"],
    ["--prefix"],
    ["--root"],
    ["--upgrade-strategy"],
    ["--only-binary"],
    ["--prefer-binary"],
    ["--timeout"],
    ["--retries"],
    ["--trusted-host"],
    ["--cert"],
    ["--client-cert"],
    ["--proxy"],
    ["--progress-bar"],
    ["--root-user-action"],
    ["--log"],
    ["--exists-action"],
    ["--use-feature"],
    ["--use-deprecated"],
    ["--report"],
    ["-C", "--config-settings"],
  ].flatMap((names) => names.map((name) => [name, names.at(-1) ?? name] as const)),
);

const plain: ReadonlyMap<string, string> = new Map(
  [
    ["-U", "--upgrade"],
    ["-I", "--ignore-installed"],
    ["--force-reinstall"],
    ["--pre"],
    ["--no-deps"],
    ["--no-cache-dir"],
    ["--no-compile"],
    ["--compile"],
    ["--user"],
    ["--require-hashes"],
    ["--break-system-packages"],
    ["--prefer-binary"],
    ["--no-warn-script-location"],
    ["--no-warn-conflicts"],
    ["--disable-pip-version-check"],
    ["--no-input"],
    ["--no-color"],
    ["--no-python-version-warning"],
    ["--no-build-isolation"],
    ["--use-pep517"],
    ["--no-clean"],
    ["--isolated"],
    ["--debug"],
    ["-q", "--quiet"],
    ["-v", "--verbose"],
  ].flatMap((names) => names.map((name) => [name, names.at(-1) ?? name] as const)),
);

/** The options by name; or the reason why they aren't followed. */
function readOptions(words: readonly string[]): Options | string {
  const flags = new Map<string, readonly string[]>();
  const operands: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const option = optionOf(word);
    if (!option) {
      operands.push(word);
      continue;
    }
    const known = plain.get(option.name) ?? valued.get(option.name);
    if (known === undefined || isMisused(option)) return `runs pip with \`${word.slice(0, maxShown)}\``;
    const value = plain.has(option.name) ? "" : (option.attached ?? words[++index] ?? "");
    flags.set(known, [...(flags.get(known) ?? []), value]);
  }
  return { flags, operands };
}

interface Option {
  readonly name: string;
  readonly attached: string | undefined;
}

/** True for several short options in one word, other than `-qq`. */
function isMisused({ name, attached }: Option): boolean {
  return plain.has(name) && !/^[qv]*$/.test(attached ?? "");
}

/** `--index-url=X`, `-rX`; undefined for a word that isn't an option. */
function optionOf(word: string): Option | undefined {
  const [, long, value] = /^(--[a-z][\w-]*)(?:=(.*))?$/s.exec(word) ?? [];
  if (long !== undefined) return { name: long, attached: value };
  const [, short, attached] = /^(-[a-zA-Z])(.+)?$/s.exec(word) ?? [];
  return short === undefined ? undefined : { name: short, attached };
}

function installOf({ flags, operands }: Options, variables: PipVariables): PipCommand {
  const last = (name: string): string | undefined => flags.get(name)?.at(-1);
  const strategy = last("--upgrade-strategy") ?? "only-if-needed";
  if (strategy !== "only-if-needed")
    return { does: "unknown", why: `runs pip with \`--upgrade-strategy ${strategy.slice(0, maxShown)}\`` };
  const index = last("--index-url") ?? variables("PIP_INDEX_URL");
  const more = (variables("PIP_EXTRA_INDEX_URL") ?? "").split(/\s+/).filter((url) => url !== "");
  const hasAny = (...names: readonly string[]): boolean => names.some((name) => flags.has(name));
  const values = (name: string): readonly string[] => flags.get(name) ?? [];
  return {
    does: "install",
    requests: operands,
    requirementFiles: values("--requirement"),
    constraintFiles: values("--constraint"),
    ...(index !== undefined && { index }),
    extraIndexes: [...values("--extra-index-url"), ...more],
    upgrades: flags.has("--upgrade"),
    takesPrereleases: flags.has("--pre"),
    ignoresDependencies: flags.has("--no-deps"),
    ignoresInstalled: hasAny("--ignore-installed", "--force-reinstall", "--target"),
    goesElsewhere: hasAny("--target", "--prefix", "--root"),
    compiles: !hasAny("--no-compile") && !isOn(variables("PIP_NO_COMPILE")),
    keepsCache: !hasAny("--no-cache-dir") && !isOn(variables("PIP_NO_CACHE_DIR")),
  };
}

/** pip takes "off" for `PIP_NO_CACHE_DIR` as on, too; any other text that it doesn't know is an error. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
