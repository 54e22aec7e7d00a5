import type { NodeSelection } from "./select.ts";

/** The action of an npm command, as far as it matters for the size. */
export type NpmCommand =
  | {
      readonly does: "install";
      /** It keeps to the lock file and starts with an empty node_modules. */
      readonly isClean: boolean;
      readonly omit: NodeSelection["omit"];
      readonly ignoresScripts: boolean;
      /** It writes the lock file again. */
      readonly writesLock: boolean;
    }
  | { readonly does: "cleanCache" }
  /** Writes its log, and that is all. */
  | { readonly does: "nothing" }
  /** In the middle of a sentence. */
  | { readonly does: "unknown"; readonly why: string };

/** The variables of the environment, by their names in lower case. */
export type NpmVariables = (name: string) => string | undefined;

/** Reads the words after `npm`. @see https://docs.npmjs.com/cli/commands/npm-ci */
export function parseNpm(words: readonly string[], variables: NpmVariables): NpmCommand {
  const read = readWords(words, { name: "npm", plain, valued });
  if (typeof read === "string") return { does: "unknown", why: read };
  const { flags, operands } = read;
  const [action = "", ...names] = operands;
  if (installing.has(action))
    return names.length === 0 ? installOf(action, flags, variables) : other(`npm ${action}`, names);
  if (action === "cache" && (names[0] === "clean" || names[0] === "clear" || names[0] === "verify"))
    return { does: names[0] === "verify" ? "nothing" : "cleanCache" };
  if (setsConfig(operands)) return configOf(names);
  return harmless.has(action) ? { does: "nothing" } : other(`npm ${action}`, names);
}

const installing: ReadonlySet<string> = new Set(["ci", "clean-install", "ic", "install", "i", "in", "ins", "add"]);
const cleanly: ReadonlySet<string> = new Set(["ci", "clean-install", "ic"]);
const harmless: ReadonlySet<string> = new Set(["ls", "list", "version", "view", "info", "outdated", "ping", "root"]);

/** `npm config set KEY=VALUE`, `npm set KEY VALUE`. */
function setsConfig([action, first]: readonly string[]): boolean {
  return action === "set" || ((action === "config" || action === "c") && first === "set");
}

/** Settings that change nothing of what is installed. */
const harmlessSettings =
  /^(?:@[\w.-]+:registry|\/\/.*:_\w+|registry|strict-ssl|cafile|ca|proxy|https-proxy|noproxy|fetch-[\w-]+|maxsockets|loglevel|fund|audit|progress|update-notifier|unsafe-perm|color|legacy-peer-deps)$/;

function configOf(words: readonly string[]): NpmCommand {
  const key = (words[0] === "set" ? words[1] : words[0])?.replace(/=.*$/s, "") ?? "";
  if (harmlessSettings.test(key)) return { does: "nothing" };
  return { does: "unknown", why: `runs \`npm config set ${/^[\w-]{1,30}$/.test(key) ? key : ""}\`` };
}

/** A command whose effect isn't followed; `action` has the program's name. */
export function other(action: string, [name = ""]: readonly string[]): NpmCommand {
  const shown = /^[\w./:@-]{1,40}$/.test(name) ? ` ${name}` : "";
  return { does: "unknown", why: `runs \`${action}${shown}\`` };
}

export interface Words {
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

/** Options that have a value in the next word, and change nothing of what is installed. */
const valued: ReadonlySet<string> = new Set([
  "loglevel",
  "registry",
  "fetch-retries",
  "fetch-timeout",
  "fetch-retry-mintimeout",
  "fetch-retry-maxtimeout",
  "maxsockets",
  "network-timeout",
  "omit",
  "include",
  "only",
  "userconfig",
  "node-options",
]);

/** Options that change nothing of what is installed, or are read below. */
const plain: ReadonlySet<string> = new Set([
  "audit",
  "no-audit",
  "fund",
  "no-fund",
  "progress",
  "no-progress",
  "quiet",
  "silent",
  "verbose",
  "q",
  "s",
  "d",
  "f",
  "y",
  "yes",
  "force",
  "prefer-offline",
  "prefer-online",
  "legacy-peer-deps",
  "strict-peer-deps",
  "no-update-notifier",
  "update-notifier",
  "color",
  "no-color",
  "unsafe-perm",
  "no-save",
  "save",
  "no-package-lock",
  "foreground-scripts",
  "ignore-scripts",
  "production",
  "no-optional",
  "dev",
  ...valued,
]);

/** Of a word in a tooltip. */
const maxShown = 30;

export interface KnownOptions {
  /** Of the program. */
  readonly name: string;
  readonly plain: ReadonlySet<string>;
  /** Those that have a value in the next word. */
  readonly valued: ReadonlySet<string>;
}

/** The words by kind; or the reason why they aren't followed. */
export function readWords(words: readonly string[], { name: program, plain, valued }: KnownOptions): Words | string {
  const flags = new Map<string, readonly string[]>();
  const operands: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const [, name, value] = /^--?([a-zA-Z][\w-]*)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined) {
      if (word.startsWith("-")) return `runs ${program} with \`${word.slice(0, maxShown)}\``;
      operands.push(word);
      continue;
    }
    if (!plain.has(name)) return `runs ${program} with \`${word.slice(0, maxShown)}\``;
    const given = value ?? (valued.has(name) ? (words[++index] ?? "") : "true");
    flags.set(name, [...(flags.get(name) ?? []), given]);
  }
  return { flags, operands };
}

function installOf(action: string, flags: Words["flags"], variables: NpmVariables): NpmCommand {
  const odd = decidingVariables.find((name) => (variables(`npm_config_${name}`) ?? "") !== "");
  if (odd !== undefined) return { does: "unknown", why: `runs npm with the variable npm_config_${odd}` };
  const isClean = cleanly.has(action);
  return {
    does: "install",
    isClean,
    omit: omitted(flags, variables),
    ignoresScripts: isOn(flags, "ignore-scripts") || isTrue(variables("npm_config_ignore_scripts")),
    writesLock: !isClean && !isOn(flags, "no-package-lock") && !isOn(flags, "no-save"),
  };
}

/** Those whose effect is not followed. */
const decidingVariables: readonly string[] = [
  "cache",
  "include",
  "omit",
  "only",
  "optional",
  "prefix",
  "global",
  "install_strategy",
  "package_lock",
];

/** The last word on each kind; NODE_ENV=production leaves out what is for development. */
function omitted(flags: Words["flags"], variables: NpmVariables): NodeSelection["omit"] {
  const omit = new Set<string>(flags.get("omit"));
  const isProduction =
    isOn(flags, "production") ||
    (flags.get("only") ?? []).some((value) => /^prod/.test(value)) ||
    isTrue(variables("npm_config_production"));
  const isByNode = variables("node_env") === "production" && flags.get("production")?.at(-1) !== "false";
  if (isProduction || isByNode) omit.add("dev");
  if (isOn(flags, "no-optional")) omit.add("optional");
  for (const kind of flags.get("include") ?? []) omit.delete(kind);
  return (["dev", "optional", "peer"] as const).filter((kind) => omit.has(kind));
}

export function isOn(flags: Words["flags"], name: string): boolean {
  return isTrue(flags.get(name)?.at(-1));
}

export function isTrue(value: string | undefined): boolean {
  return value === "true" || value === "1";
}
