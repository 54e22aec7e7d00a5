import type { SizeRange } from "../../estimator.ts";
import { variablesOf } from "./npmProject.ts";
import { commandsBefore, goneAfter, none, type Leavings, type OwnCommand } from "./nodeLeavings.ts";
import type { ProgramRun } from "../program.ts";

/** Follows what the other commands of a RUN, and its mounts, make of what Yarn 1 writes. */
export function leftOfYarn(run: ProgramRun, own: readonly OwnCommand[]): Leavings {
  const folder = valueOf(own, "cache-folder") ?? variableOf(run, "yarn_cache_folder");
  const left = leftOf(run, own, {
    programs: ["yarn", "yarnpkg"],
    isCache: (path) =>
      folder === undefined ? /(?:^|\/)\.cache(?:\/yarn(?:\/v\d+)?)?$/.test(path) : isInside(folder, path),
  });
  const { paths } = goneAfter(run, own);
  const isGone = paths.some((path) => path === "/tmp" || path.startsWith("/tmp/v8-compile-cache"));
  const isOff = variableOf(run, "disable_v8_compile_cache") !== undefined;
  return { ...left, compiled: isGone || isOff ? none : compiledByYarn };
}

/** Yarn keeps what V8 compiled of it in /tmp. Measured with Yarn 1.22 and Node 20. */
const compiledByYarn: SizeRange = { low: 0, likely: 2_198_000, high: 3_000_000 };

/** Follows what the other commands of a RUN, and its mounts, make of what pnpm writes. */
export function leftOfPnpm(run: ProgramRun, own: readonly OwnCommand[]): Leavings {
  const home = variableOf(run, "pnpm_home") ?? "/root/.local/share/pnpm";
  const set = commandsBefore(run).concat(run.commands).findLast(setsStore)?.words.at(-1);
  const store = valueOf(own, "store-dir") ?? set?.replace(/^.*=/s, "") ?? variableOf(run, "npm_config_store_dir");
  const folder = store ?? `${home}/store`;
  // The store is removed after the files in node_modules became links to its own: they stay.
  const mounted = goneAfter({ ...run, commands: [] }, own).paths;
  const left = leftOf(run, own, { programs: ["pnpm", "pnpx"], isCache: () => false });
  return {
    ...left,
    keepsCache: !mounted.some((path) => isInside(folder, path) || isInside(path, folder)),
    compiled: checksItself(run, own) ? ownVersions : none,
  };
}

/** pnpm looks for a newer version of itself and keeps what the registry says of it: 3.3 MB with pnpm 9. */
const ownVersions: SizeRange = { low: 0, likely: 3_260_000, high: 4_500_000 };

function checksItself(run: ProgramRun, own: readonly OwnCommand[]): boolean {
  const environment = new Map(own.flatMap(({ command }) => [...command.environment]));
  const variables = variablesOf(run, environment);
  const isQuiet = variables("ci") !== undefined || variables("npm_config_update_notifier") === "false";
  return !isQuiet && !goneAfter(run, own).paths.some((path) => /(?:^|\/)\.cache(?:\/pnpm)?$/.test(path));
}

function setsStore({
  program,
  words: [action, verb, key = ""],
}: {
  program: string;
  words: readonly string[];
}): boolean {
  return program === "pnpm" && action === "config" && verb === "set" && /^store-?dir(?:=|$)/i.test(key);
}

interface Manager {
  readonly programs: readonly string[];
  readonly isCache: (path: string) => boolean;
}

function leftOf(run: ProgramRun, own: readonly OwnCommand[], { programs, isCache }: Manager): Leavings {
  const { paths, isCacheCleaned, problems } = goneAfter(run, own);
  const before = commandsBefore(run);
  const installs = before.some(
    ({ program, words: [action = "install"] }) =>
      programs.includes(program) && /^(?:-.*|install|i|add|fetch|global)$/.test(action),
  );
  const isByCorepack = own.length > 0 && downloadsManager(before.concat(run.commands), programs);
  return {
    keepsCache: !isCacheCleaned && !paths.some(isCache),
    keepsLogs: false,
    isCached: false,
    compiled: none,
    problems: [...problems, ...(installs ? ["an earlier line has installed packages"] : [])],
    additions: isByCorepack ? ["corepack may download the package manager first"] : [],
  };
}

/** True if corepack stands in for a package manager that no command has downloaded. */
function downloadsManager(
  commands: readonly { readonly program: string; readonly words: readonly string[] }[],
  [program = ""]: readonly string[],
): boolean {
  let isPending = false;
  for (const { program: name, words } of commands) {
    if (name === "corepack" && words[0] === "enable") isPending = true;
    else if (name === "corepack" || (name === "npm" && words.some((word) => word.startsWith(program))))
      isPending = false;
  }
  return isPending;
}

function valueOf(own: readonly OwnCommand[], option: string): string | undefined {
  const words = own.flatMap(({ command }) => command.words);
  const at = words.findIndex((word) => word === `--${option}` || word.startsWith(`--${option}=`));
  const word = words[at] ?? "";
  return at < 0 ? undefined : word.includes("=") ? word.slice(word.indexOf("=") + 1) : words[at + 1];
}

function variableOf(run: ProgramRun, name: string): string | undefined {
  return variablesOf(run, new Map())(name);
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
