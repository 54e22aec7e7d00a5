import { baseName } from "../../../shell/inEffect.ts";
import { wrappedCommandIndex } from "../../../shell/wrappers.ts";
import type { Assignment, SimpleCommand, Word } from "../../../shell/posix/statement.ts";
import { managerPrograms } from "../../packages/managers.ts";
import { shortText } from "../whatItRuns.ts";
import { canBeFolder, forgetBelow } from "../tree/change.ts";
import { reachOf, type Reach } from "./downloads.ts";
import { expandText, expandWord } from "./expand.ts";
import { changesNothing } from "./harmless.ts";
import { find, forgetAll, forgetSystem, writeFile, type Machine } from "./machine.ts";
import { success, unknownOutput, type Output, type Result } from "./output.ts";
import type { RunCommand } from "../runEffects.ts";
import { runDownload } from "./fetched.ts";
import { programs } from "./programs/index.ts";
import type { Call, Program } from "./programs/program.ts";
import { withRedirections } from "./redirect.ts";
import { forgetPackaged } from "./users/afterPackages.ts";

/** Runs a simple command: with the followed program of that name, or as an unknown program. */
export function runSimple(
  { assignments, words, redirections }: SimpleCommand,
  machine: Machine,
  input: Output,
): Result {
  const values = assignments.map((assignment) => [assignment.name, valueOf(machine, assignment)] as const);
  const expanded = expandAll(machine, words);
  return withRedirections(machine, redirections, input, (given) => {
    if (words.length > 0) return dispatch(machine, { ...expanded, environment: environmentOf(machine, values) }, given);
    for (const [name, value] of values) machine.shell.variables.set(name, value);
    return success;
  });
}

function valueOf(machine: Machine, { value }: Assignment): string | undefined {
  return expandText(machine, value);
}

function environmentOf(
  { shell }: Machine,
  values: readonly (readonly [string, string | undefined])[],
): ReadonlyMap<string, string> {
  const known = values.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
  return known.length === 0 ? new Map(shell.exported) : new Map([...shell.exported, ...known]);
}

interface ExpandedWords {
  readonly words: readonly string[];
  /** Like `words`, with patterns that may match more than is listed. */
  readonly noted: readonly string[];
  readonly unclear?: string;
  readonly isPartial: boolean;
}

type Prepared = ExpandedWords & Pick<Call, "environment">;

function expandAll(machine: Machine, words: readonly Word[]): ExpandedWords {
  const fields: string[] = [];
  const noted: string[] = [];
  let isPartial = false;
  let unclear: string | undefined;
  for (const word of words) {
    const expanded = expandWord(machine, word);
    if ("unclear" in expanded) {
      unclear ??= expanded.unclear;
      fields.push(word.text);
      noted.push(word.text);
    } else {
      isPartial ||= expanded.unmatched !== undefined;
      fields.push(...expanded.fields);
      noted.push(...(expanded.unmatched ?? expanded.fields));
    }
  }
  return { words: fields, noted, isPartial, ...(unclear !== undefined && { unclear }) };
}

/** The index of a command run by another. The command of xargs depends on its input. */
function wrappedIndex(name: string, words: readonly string[]): number | undefined {
  if (name === "xargs") return undefined;
  return wrappedCommandIndex(
    name,
    words.map((value) => ({ value })),
  );
}

function dispatch(machine: Machine, prepared: Prepared, input: Output): Result {
  const [name = "", ...words] = prepared.words;
  const wrapped = wrappedIndex(name, words);
  if (name === "command" && words.some((word) => /^-[vV]$/.test(word))) return harmlessResult;
  if (wrapped !== undefined)
    return dispatch(
      machine,
      { ...prepared, words: words.slice(wrapped), noted: prepared.noted.slice(wrapped + 1) },
      input,
    );
  const call: Call = { ...prepared, program: baseName(name), words, noted: prepared.noted.slice(1), input };
  if (changesNothing(call.program) && !programs.has(call.program)) return note(machine, call, followed, harmlessResult);
  const program = programs.get(call.program);
  if (!program || asksForItsVersion(call)) return runOther(machine, call);
  if (call.unclear !== undefined && !unclearIsFine.has(call.program))
    return unfollowed(
      machine,
      call,
      `\`${shortText(call)}\` depends on ${call.unclear}, which is known only during the build`,
    );
  return take(machine, call, program(call, machine));
}

function take(machine: Machine, call: Call, result: ReturnType<Program>): Result {
  if ("other" in result) return runOther(machine, call, result.other);
  return "unfollowed" in result ? unfollowed(machine, call, result.unfollowed) : note(machine, call, followed, result);
}

/** Their output and exit code depend on files. */
const harmlessResult: Result = { status: "unknown", output: unknownOutput };

/** They don't write file content, whatever their words are. */
const unclearIsFine: ReadonlySet<string> = new Set(["echo", "printf", "test", "[", "exit", "set", "export", "umask"]);

const followed: Noted = { effect: "followed" };

interface Noted {
  readonly effect: RunCommand["effect"];
  readonly unknown?: string | undefined;
}

function note(machine: Machine, call: Call, { effect, unknown }: Noted, result: Result): Result {
  const { program, noted, unclear, environment } = call;
  machine.commands.push({
    program,
    words: noted,
    environment,
    effect,
    ...(unclear !== undefined && { unclear }),
    ...(unknown !== undefined && { unknown }),
    ...(machine.uncertain !== undefined && { uncertain: machine.uncertain }),
  });
  return result;
}

/** The effect of a command is unknown in this case; whatever it reaches may have changed after it. */
function unfollowed(machine: Machine, call: Call, reason: string): Result {
  machine.gap ??= reason;
  if (systemPrograms.has(call.program)) forgetSystem(machine, reason);
  else forgetAll(machine, reason);
  return note(machine, call, followed, { status: "assumed", output: unknownOutput });
}

function asksForItsVersion({ words }: Call): boolean {
  return words.length === 1 && (words[0] === "--version" || words[0] === "--help");
}

interface Forgotten {
  readonly gap: string;
  /** The output that goes to files. */
  readonly content: Output;
}

function forgetReach(machine: Machine, { files, folders }: Reach, { gap, content }: Forgotten): void {
  for (const path of files) if (path !== "/dev/null") writeFile(machine, path, content, "replaced");
  for (const path of folders) {
    const { path: at } = find(machine, path);
    if (at.startsWith("/") && canBeFolder(machine.tree, at)) forgetBelow(machine.tree, at, gap);
    else forgetAll(machine, gap);
  }
}

/** Programs that write only in the system's folders, unless a package's scripts write elsewhere. */
const systemPrograms: ReadonlySet<string> = new Set([
  "apt",
  "apt-get",
  "apt-key",
  "apt-mark",
  "aptitude",
  "apk",
  "dpkg",
  "dpkg-reconfigure",
  "adduser",
  "addgroup",
  "chpasswd",
  "deluser",
  "delgroup",
  "groupadd",
  "groupdel",
  "groupmod",
  "useradd",
  "userdel",
  "usermod",
  "ldconfig",
  "locale-gen",
  "update-alternatives",
  "update-ca-certificates",
]);

function runOther(machine: Machine, call: Call, unknown?: string): Result {
  if (asksForItsVersion(call)) return note(machine, call, followed, { status: "assumed", output: unknownOutput });
  const fetched = runDownload(call, machine);
  if (fetched && "status" in fetched) return note(machine, call, followed, fetched);
  const gap = `an earlier line of the stage runs \`${shortText(call)}\``;
  const reach = reachOf(call);
  if (managerPrograms.has(call.program)) forgetPackaged(machine, gap);
  else if (systemPrograms.has(call.program)) forgetSystem(machine, gap);
  else if (reach)
    forgetReach(machine, reach, {
      gap,
      content: fetched?.content ?? unknownOutput,
    });
  else forgetAll(machine, gap);
  return note(machine, call, { effect: "other", unknown }, { status: "assumed", output: unknownOutput });
}
