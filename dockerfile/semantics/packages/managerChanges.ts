import { baseName } from "../../shell/inEffect.ts";
import type { ShellCommand } from "../../shell/shell.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { Build } from "../build.ts";
import { placedFiles } from "../files/placement.ts";
import { shortText } from "../files/whatItRuns.ts";
import type { PackageManager } from "./managers.ts";

/**
 * The reason why a package manager may work differently after an instruction, beyond the effect of its own programs:
 * its sources, its configuration or its database change, or a program runs that may do anything. Undefined if nothing
 * suggests that. Phrased for the middle of a sentence.
 */
export function changeOfManager(build: Build, instruction: Instruction, manager: PackageManager): string | undefined {
  switch (instruction.keyword.value) {
    case "RUN":
      return changeByRun(build, instruction, manager);
    case "COPY":
    case "ADD":
      return changeByCopy(build, instruction, manager);
    default:
      return undefined;
  }
}

function changeByCopy(build: Build, instruction: Instruction, manager: PackageManager): string | undefined {
  const keyword = instruction.keyword.value;
  const destination = build.copy(instruction)?.destination?.path;
  if (destination === undefined) return `${keyword} copies to a folder that isn't known`;
  if (manager.decisive.test(destination)) return `${keyword} changes ${destination}`;
  const isAbove = ["/", "/etc", "/var", "/var/lib", "/lib", "/usr", "/usr/lib"].includes(
    destination.replace(/(?<=.)\/+$/, ""),
  );
  return isAbove ? changeAmongCopied(build, instruction, manager) : undefined;
}

function changeAmongCopied(
  build: Build,
  instruction: Instruction,
  { name, decisive }: PackageManager,
): string | undefined {
  const keyword = instruction.keyword.value;
  const needs = build.files().copyNeeds(instruction);
  if ("unknown" in needs || needs.some((key) => build.facts.get(key).state !== "known"))
    return `${keyword} may change ${name}'s files`;
  const copied = build.files().copied(instruction);
  if ("unknown" in copied) return `${keyword} may change ${name}'s files`;
  const path = [...placedFiles(copied.placements).keys()].find((it) => decisive.test(it));
  return path === undefined ? undefined : `${keyword} changes ${path}`;
}

function changeByRun(build: Build, instruction: Instruction, manager: PackageManager): string | undefined {
  const script = build.scripts().find((found) => found.instruction === instruction)?.script;
  const commands = script?.commands ?? commandOf(instruction);
  if (!commands) return "runs a program of another shell";
  const command = commands.find((it) => !manager.follows?.(it) && changesManager(it, manager));
  return command && describe(command);
}

type Command = Pick<ShellCommand, "name" | "arguments" | "redirections">;

/** The only command of the JSON form. */
function commandOf({ form, arguments: [program, ...words] }: Instruction): readonly Command[] | undefined {
  if (form !== "json" || !program) return undefined;
  const literal = words.map((word) => ({ ...word, isLiteral: true }));
  return [{ name: program.value, arguments: literal, redirections: [] }];
}

function describe({ name = "a program", arguments: words }: Command): string {
  return `runs \`${shortText({ program: name, words: words.map(({ value }) => value) })}\``;
}

function changesManager(command: Command, { programs, decisive, fetched }: PackageManager): boolean {
  const { name, arguments: words, redirections } = command;
  if (name === undefined) return true;
  if (redirections.some(({ operator, target }) => operator.includes(">") && decisive.test(target?.value ?? "")))
    return true;
  if (programs.has(baseName(name))) return false;
  if (mayRunAnything(command)) return true;
  return !isHarmlessRemoval(command, decisive, fetched) && words.some(({ value }) => decisive.test(value));
}

const shells: ReadonlySet<string> = new Set(["sh", "bash", "dash", "ash", "zsh", "ksh", ".", "source", "eval"]);
/** Programs that are known to install packages. */
const installers: ReadonlySet<string> = new Set([
  "playwright",
  "tasksel",
  "nala",
  "rosdep",
  "ansible-playbook",
  "alien",
]);
/** Build scripts that are run by path and don't touch packages. */
const buildScripts: ReadonlySet<string> = new Set([
  "configure",
  "autogen.sh",
  "gradlew",
  "mvnw",
  "bootstrap",
  "pip",
  "pip3",
]);

/** True for a script or program of unknown content, judging by its name. `sh -c "…"` is read itself. */
function mayRunAnything({ name = "", arguments: words }: Command): boolean {
  const program = baseName(name);
  if (installers.has(program) || words.some(({ value }) => /^--with-deps$|^install-deps$/.test(value))) return true;
  if (shells.has(program)) return !words.some(({ value }) => /^-[a-z]*c$/.test(value));
  const isSystems = /^\/(?:usr\/)?(?:local\/)?s?bin\//.test(name);
  return name.includes("/") && !isSystems && !buildScripts.has(program);
}

/** True for `rm -rf /var/lib/apt/lists/*`, which removes files that apt fetches again. */
function isHarmlessRemoval({ name, arguments: words }: Command, decisive: RegExp, fetched: RegExp): boolean {
  return (
    name !== undefined &&
    /(?:^|\/)rm$/.test(name) &&
    words.every(({ value }) => !decisive.test(value) || fetched.test(value))
  );
}
