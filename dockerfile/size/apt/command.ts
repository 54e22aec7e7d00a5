import { ownEntry } from "../../../oci/core/ownEntry.ts";

/** A command of a RUN, with its words unquoted. */
export interface CommandWords {
  readonly program: string;
  readonly args: readonly string[];
}

/** The effect of a command on packages, or on apt's files. */
export type AptOperation =
  | { readonly kind: "update" }
  | { readonly kind: "install"; readonly requests: readonly PackageRequest[]; readonly options: InstallOptions }
  /** "safe" is apt-get's, which doesn't install new packages; "new" is apt's; "full" also removes. */
  | { readonly kind: "upgrade"; readonly mode: "safe" | "new" | "full"; readonly options: InstallOptions }
  | { readonly kind: "remove"; readonly names: readonly string[]; readonly withUnused: boolean }
  | { readonly kind: "clean" }
  | { readonly kind: "mark"; readonly as: "auto" | "manual" | "hold" | "unhold"; readonly names: readonly string[] }
  /** Removes apt's files, and others that may belong to packages. */
  | { readonly kind: "rm"; readonly what: readonly AptFiles[]; readonly others: readonly string[] }
  /** Doesn't change any file: `apt-get check`, `apt list`. */
  | { readonly kind: "nothing" };

/** The files that apt keeps: package lists, downloaded .debs, and its binary caches. */
export type AptFiles = "lists" | "archives" | "caches";

/** One package of a command line. */
export interface PackageRequest {
  readonly name: string;
  readonly action: "install" | "remove";
  /** As in `pkg=1.2-3`. */
  readonly version?: string;
  /** As in `pkg/bookworm-backports`. */
  readonly release?: string;
}

export interface InstallOptions {
  /** If undefined, apt's configuration decides. */
  readonly recommends?: boolean;
  readonly targetRelease?: string;
  /** From `-o Name=value`. */
  readonly settings: readonly string[];
}

export type ParsedCommand =
  | { readonly state: "known"; readonly operation: AptOperation }
  /** Changes packages in a way that isn't supported here. */
  | { readonly state: "unsupported"; readonly reason: string };

/** Reads a command; undefined if it doesn't concern apt or its files. */
export function parseAptCommand({ program, args }: CommandWords): ParsedCommand | undefined {
  const name = program.replace(/^.*\//, "");
  return ownEntry(programs, name)?.(name, args);
}

type ProgramReader = (program: string, args: readonly string[]) => ParsedCommand | undefined;

const asking: ProgramReader = () => known({ kind: "nothing" });
const inNoIndex: ProgramReader = (program) => unsupported(`no index lists the size of what ${program} changes`);

const programs: Readonly<Record<string, ProgramReader>> = {
  "apt-get": parseAptGet,
  apt: parseAptGet,
  aptitude: parseAptGet,
  "apt-mark": (_program, args) => parseMark(args),
  "apt-cache": asking,
  "apt-config": asking,
  "dpkg-query": asking,
  dpkg: (program, args) => (args.some((arg) => dpkgQueries.test(arg)) ? asking : inNoIndex)(program, args),
  gdebi: inNoIndex,
  "add-apt-repository": inNoIndex,
  rm: (_program, args) => parseRm(args),
  find: parseRemover,
  strip: parseRemover,
};

interface Parsed {
  readonly operands: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Short options with a value, and their long equivalents. @see apt-get(8) */
const valued: Readonly<Record<string, string>> = {
  "-o": "--option",
  "-t": "--target-release",
  "-c": "--config-file",
  "-a": "--host-architecture",
  "-P": "--build-profiles",
};

const longValued: readonly string[] = [...Object.values(valued), "--default-release"];

function parseAptGet(program: string, args: readonly string[]): ParsedCommand {
  const parsed = parseWords(args);
  const [subcommand = "", ...operands] = parsed.operands;
  const unknown = args.find((arg) => /[$`]/.test(arg));
  if (unknown !== undefined) return unsupported(`${unknown} is known only during the build`);
  const special = ["--download-only", "-d", "--host-architecture", "--config-file", "--simulate", "-s"].find(
    (flag) => parsed.flags.has(flag) || parsed.values.has(flag),
  );
  if (special !== undefined) return unsupported(`${program} ${special} isn't covered`);
  return operationOf(program, subcommand, operands, parsed);
}

function operationOf(program: string, subcommand: string, operands: readonly string[], parsed: Parsed): ParsedCommand {
  const reader = ownEntry(subcommands, subcommand);
  return reader ? reader({ program, operands, parsed }) : unsupported(`${program} ${subcommand} isn't covered`);
}

type SubcommandReader = (words: {
  readonly program: string;
  readonly operands: readonly string[];
  readonly parsed: Parsed;
}) => ParsedCommand;

const clean: SubcommandReader = () => known({ kind: "clean" });
const nothing: SubcommandReader = () => known({ kind: "nothing" });
const fullUpgrade: SubcommandReader = ({ parsed }) =>
  known({ kind: "upgrade", mode: "full", options: installOptions(parsed) });
const upgrade: SubcommandReader = ({ program, operands, parsed }) =>
  operands.length > 0
    ? unsupported(`${program} upgrade with packages isn't covered`)
    : known({ kind: "upgrade", mode: withNew(program, parsed) ? "new" : "safe", options: installOptions(parsed) });
const removal: SubcommandReader = ({ operands, parsed: { flags } }) =>
  remove(operands, flags.has("--auto-remove") || flags.has("--autoremove"));
const removalOfUnused: SubcommandReader = ({ operands }) => remove(operands, true);

/** @see apt-get(8), apt(8), aptitude(8) */
const subcommands: Readonly<Record<string, SubcommandReader>> = {
  update: () => known({ kind: "update" }),
  install: ({ operands, parsed }) =>
    parsed.flags.has("--reinstall")
      ? unsupported("reinstalling packages isn't covered")
      : install(operands, installOptions(parsed)),
  upgrade,
  "safe-upgrade": upgrade,
  "dist-upgrade": fullUpgrade,
  "full-upgrade": fullUpgrade,
  remove: removal,
  purge: removal,
  autoremove: removalOfUnused,
  autopurge: removalOfUnused,
  "auto-remove": removalOfUnused,
  clean,
  distclean: clean,
  autoclean: nothing,
  "auto-clean": nothing,
  check: nothing,
  list: nothing,
  search: nothing,
  show: nothing,
  policy: nothing,
};

function withNew(program: string, { flags }: Parsed): boolean {
  return program === "apt" ? !flags.has("--without-new-pkgs") : flags.has("--with-new-pkgs");
}

function install(operands: readonly string[], options: InstallOptions): ParsedCommand {
  const bad = operands.find((operand) => !requestPattern.test(operand));
  if (bad !== undefined) return unsupported(reasonAgainst(bad));
  return known({ kind: "install", requests: operands.map(requestOf), options });
}

function remove(operands: readonly string[], withUnused: boolean): ParsedCommand {
  const bad = operands.find((operand) => !requestPattern.test(operand));
  if (bad !== undefined) return unsupported(reasonAgainst(bad));
  return known({ kind: "remove", names: operands.map((operand) => requestOf(operand).name), withUnused });
}

/** `name`, `name:arch`, `name=version`, `name/release`, `name-`, `name+`. */
const requestPattern =
  /^([a-zA-Z0-9][a-zA-Z0-9+.-]*?)(?::(?:any|native|amd64|arm64|all))?(?:=([\w.+:~-]+)|\/([\w.-]+)|([+-]))?$/;

function requestOf(operand: string): PackageRequest {
  const [, name = "", version, release, sign] = requestPattern.exec(operand) ?? [];
  // `g++` and `libstdc++` end with a plus sign; the resolver tries the whole name first.
  if (sign === "+") return { name: operand, action: "install" };
  return {
    name,
    action: sign === "-" ? "remove" : "install",
    ...(version === undefined ? {} : { version }),
    ...(release === undefined ? {} : { release }),
  };
}

function reasonAgainst(operand: string): string {
  if (operand.endsWith(".deb") || operand.includes("/")) return `the size of ${operand} is not in any index`;
  if (operand.endsWith("^")) return `tasks such as ${operand} aren't covered`;
  return `patterns such as ${operand} aren't covered`;
}

function installOptions({ flags, values }: Parsed): InstallOptions {
  const target = (values.get("--target-release") ?? values.get("--default-release"))?.at(-1);
  const off = ["--no-install-recommends", "--without-recommends", "-R"].some((flag) => flags.has(flag));
  const on = ["--install-recommends", "--with-recommends", "-r"].some((flag) => flags.has(flag));
  return {
    ...(off ? { recommends: false } : on ? { recommends: true } : {}),
    ...(target === undefined ? {} : { targetRelease: target }),
    settings: values.get("--option") ?? [],
  };
}

function parseMark(args: readonly string[]): ParsedCommand {
  const [as = "", ...names] = args.filter((arg) => !arg.startsWith("-"));
  if (as.startsWith("show")) return known({ kind: "nothing" });
  if (names.some((name) => !requestPattern.test(name)))
    return unsupported("apt-mark with other than plain names isn't covered");
  switch (as) {
    case "auto":
    case "manual":
    case "hold":
    case "unhold":
      return known({ kind: "mark", as, names });
    default:
      return unsupported(`apt-mark ${as} isn't covered`);
  }
}

/** Options of dpkg that only query. @see dpkg(1) */
const dpkgQueries =
  /^(?:-[lsSLpC]|--(?:list|status|search|listfiles|print-avail|audit|print-architecture|print-foreign-architectures|get-selections|compare-versions|version|help))$/;

function parseRm(args: readonly string[]): ParsedCommand | undefined {
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const what = paths.flatMap(keptAt);
  const others = paths.filter((path) => keptAt(path).length === 0 && mayBeOfPackage(path));
  return what.length + others.length === 0 ? undefined : known({ kind: "rm", what, others });
}

function keptAt(path: string): readonly AptFiles[] {
  if (/^\/var\/lib\/apt(?:\/lists)?(?:\/\*{0,2})?$/.test(path)) return ["lists"];
  if (/^\/var\/cache\/apt(?:\/\*{0,2})?$/.test(path)) return ["archives", "caches"];
  if (/^\/var\/cache\/apt\/archives(?:\/(?:\*|\*\.deb|partial\/\*?))?$/.test(path)) return ["archives"];
  return /^\/var\/cache\/apt\/(?:\*\.bin|(?:src)?pkgcache\.bin)$/.test(path) ? ["caches"] : [];
}

/** True for folders in which packages install files, or to which their scripts and dpkg write. */
function mayBeOfPackage(path: string): boolean {
  if (/^\/(?:tmp|var\/tmp|var\/lib\/apt\/lists|usr\/local|usr\/src)(?:\/|$)/.test(path)) return false;
  return /^\/(?:usr|etc|var|opt|lib\w*|s?bin|boot|\*)(?:\/|$)/.test(path);
}

/** Parses `find … -delete` and `strip`, which remove or shrink files of packages. */
function parseRemover(program: string, args: readonly string[]): ParsedCommand | undefined {
  const removes = program === "strip" || args.some((arg) => arg === "-delete" || /^-exec/.test(arg));
  const paths = args.filter(mayBeOfPackage);
  return removes && paths.length > 0 ? known({ kind: "rm", what: [], others: paths }) : undefined;
}

/** Parses words. The value of an option may be in the next word, after `=`, or right after a short option. */
function parseWords(args: readonly string[]): Parsed {
  const operands: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, readonly string[]>();
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") return { operands: [...operands, ...args.slice(index + 1)], flags, values };
    const option = valuedOption(arg);
    if (option) {
      const value = option.value ?? args[++index] ?? "";
      values.set(option.name, [...(values.get(option.name) ?? []), value]);
    } else if (arg.startsWith("--")) flags.add(arg);
    else if (arg.startsWith("-") && arg.length > 1) Array.from(arg.slice(1), (letter) => flags.add(`-${letter}`));
    else operands.push(arg);
  }
  return { operands, flags, values };
}

/** The option that a word is, if it takes a value; the value is absent if it is the next word. */
function valuedOption(arg: string): { readonly name: string; readonly value?: string } | undefined {
  const [, long, value] = /^(--[\w-]+)=([^]*)$/.exec(arg) ?? [];
  if (long !== undefined && value !== undefined) return { name: long, value };
  if (longValued.includes(arg)) return { name: arg };
  const name = arg.startsWith("--") ? undefined : ownEntry(valued, arg.slice(0, 2));
  if (name === undefined) return undefined;
  return arg.length === 2 ? { name } : { name, value: arg.slice(2).replace(/^=/, "") };
}

function known(operation: AptOperation): ParsedCommand {
  return { state: "known", operation };
}

function unsupported(reason: string): ParsedCommand {
  return { state: "unsupported", reason };
}
