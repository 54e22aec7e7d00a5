import type { FactKey } from "../../facts/fact.ts";
import { baseName, type EffectiveShell } from "../../shell/inEffect.ts";
import { parsePosix } from "../../shell/posix/parse.ts";
import type { Statement, Word } from "../../shell/posix/statement.ts";
import { shellText } from "../../shell/source.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { Build } from "../build.ts";
import { absolute } from "../imagePaths.ts";
import type { RunEffects } from "./runEffects.ts";
import { execute } from "./run/execute.ts";
import type { Machine, RecordedFacts, ShellState } from "./run/machine.ts";
import { mountAll } from "./run/mounts.ts";
import { noOutput } from "./run/output.ts";
import { lookUp } from "./tree/lookUp.ts";
import { layerContent } from "./tree/layerContent.ts";
import { layerFiles } from "./tree/layerFiles.ts";
import { newFolder, type FolderNode, type Tree } from "./tree/tree.ts";

/** More commands than any real RUN has. */
const maxCommands = 20_000;

/**
 * Runs a RUN on a file system, as far as its commands are followed; undefined if its text isn't in a supported
 * language.
 */
export function readRun(build: Build, instruction: Instruction, tree: Tree): RunEffects | undefined {
  const script = scriptOf(build, instruction);
  if (!script || script.kind === "unreadable") return undefined;
  const machine: Machine = {
    tree,
    shell: shellStateOf(build, instruction, tree),
    commands: [],
    facts: recorded(build),
    execute,
    budget: { left: maxCommands },
    gap: undefined,
    uncertain: undefined,
    forgotten: undefined,
  };
  const before = tree.root;
  const unmount = mountAll(build, instruction, machine);
  const { status } = execute(script, machine, noOutput);
  unmount();
  if (typeof status === "number" && status !== 0) machine.gap ??= "its commands fail on the files that are there";
  return effectsOf(machine, before);
}

/** Listing more paths would take longer than a keystroke may. */
const maxListed = 5000;

function recorded({ facts }: Build): RecordedFacts {
  const read = new Map<string, FactKey>();
  return {
    read,
    get(key) {
      read.set(JSON.stringify(key), key);
      return facts.get(key);
    },
  };
}

function effectsOf({ tree, commands, facts, gap, forgotten }: Machine, before: FolderNode): RunEffects {
  const content = layerContent(tree);
  const after = { ...tree };
  const why = gap ?? content.gap;
  if (forgotten) tree.root = newFolder(tree.layer, forgotten.gap);
  return {
    commands,
    bytes: content.bytes,
    mayHaveMore: content.mayHaveMore,
    certainBytes: Math.max(0, content.bytes - (forgotten?.bytes ?? 0)),
    linkBytes: content.linkBytes,
    ...(why !== undefined && { gap: why }),
    reads: [...facts.read.values()],
    written: () => layerFiles(after, before, maxListed),
  };
}

function scriptOf(build: Build, instruction: Instruction): ReturnType<typeof parsePosix> | undefined {
  if (instruction.form === "json" && instruction.arguments.length > 0)
    return commandOf(instruction.arguments.map(({ value }) => value));
  const text = shellText(instruction, build.shellInEffect(instruction), build.file.text);
  return text === undefined ? undefined : parsePosix(text);
}

function commandOf(words: readonly string[]): Statement {
  const wordOf = (text: string): Word => ({ text, parts: [{ kind: "text", value: text, isQuoted: true }] });
  return { kind: "simple", assignments: [], words: words.map(wordOf), redirections: [] };
}

function shellStateOf(build: Build, instruction: Instruction, tree: Tree): ShellState {
  const shell = build.shellInEffect(instruction);
  return {
    variables: new Map(),
    exported: new Map(),
    outer: outerVariables(build, instruction, tree),
    folder: absolute(build.workingFolder(instruction)),
    program: baseName(shell.command[0] ?? "sh"),
    endsOnError: endsOnError(shell),
    isAsked: false,
    mustSucceed: true,
    pipedInto: undefined,
    ended: undefined,
  };
}

function endsOnError({ command }: EffectiveShell): boolean {
  return command
    .slice(1)
    .some((word, index) => /^-[a-z]*e/.test(word) || (word === "errexit" && command[index] === "-o"));
}

/** The variables of the Dockerfile, and those that every container sets. */
function outerVariables(build: Build, instruction: Instruction, tree: Tree): ShellState["outer"] {
  const lookup = build.scopesWithBases().lookup(instruction);
  const stage = build.file.stages[instruction.stageIndex];
  return (name) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) return {};
    const found = lookup(name);
    if (name !== "HOME" || found?.value !== undefined) return found;
    return homeOf(build.user(stage, instruction.index), tree);
  };
}

/** The home folder: for root as in /etc/passwd if that is known, else the usual one. */
function homeOf(user: ReturnType<Build["user"]>, tree: Tree): { readonly value?: string } {
  const isRoot = user.by !== "unknown" && user.by !== "scratch" && /^(?:root|0)?(?::.*)?$/.test(user.user);
  if (!isRoot) return {};
  const passwd = lookUp(tree, "/etc/passwd");
  if (passwd.state === "absent" || passwd.state === "nowhere") return { value: "/" };
  if (passwd.state === "unknown") return { value: "/root" };
  const text = passwd.node.kind === "file" ? passwd.node.text : undefined;
  const home = text === undefined ? undefined : /^root:(?:[^:\n]*:){4}([^:\n]*)/m.exec(text)?.[1];
  return home === undefined ? {} : { value: home };
}
