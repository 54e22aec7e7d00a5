import { lexShell } from "./lexer.ts";
import type { Lexed, Lookup } from "./lexerState.ts";
import { predefinedArgs } from "./predefinedArgs.ts";
import type { Dockerfile, Instruction, KeyValue, Stage } from "../syntax.ts";

/** A variable as BuildKit expands it. */
export interface Variable {
  readonly name: string;
  /**
   * Absent if unknown: an ARG without default that the caller may set, a platform ARG, or a variable of a base image.
   */
  readonly value?: string;
  readonly origin: "arg" | "env" | "predefined" | "baseImage";
  /** Absent for predefined variables and those of the base image. */
  readonly definition?: { readonly instruction: Instruction; readonly pair: KeyValue };
  /** The pieces of an ARG's default, with the variables above it. */
  readonly parts?: Parts;
}

export type Parts = Pick<Lexed, "pieces" | "references" | "unknown" | "failure">;

/** The caller's knowledge about a build beyond the text. */
export interface BuildInputs {
  readonly buildArgs?: ReadonlyMap<string, string>;
  /** True if the caller passes no others: an ARG without default is then unset. */
  readonly areBuildArgsComplete?: boolean;
  /** The ENV of the image that a stage is built on; undefined if unknown. */
  readonly baseEnv?: (stage: Stage) => ReadonlyMap<string, string> | undefined;
}

/** The variables of a Dockerfile, each from the instruction after the one that sets it. */
export interface Scopes {
  /**
   * A variable in the scope of FROM: the predefined ARGs and those before the first FROM; only those before an index,
   * if given.
   */
  globalVariable(name: string, globalIndex?: number): Variable | undefined;
  /**
   * A variable in the scope of an instruction when it runs, as far as the file shows. An ONBUILD trigger has the scope
   * of its ONBUILD.
   */
  variable(instruction: Instruction, name: string): Variable | undefined;
  /** All of them; inner ones hide outer ones. */
  variables(instruction: Instruction): readonly Variable[];
  /** False if the base image may set unknown variables. */
  isComplete(instruction: Instruction): boolean;
  /** The lookup for expansion: a name that the base image may set counts as unknown. */
  lookup(instruction: Instruction): Lookup;
  /** The lookup for expanding the words of FROM. */
  readonly globalLookup: Lookup;
  /** The stage that a stage's FROM names. */
  baseStage(stage: Stage): Stage | undefined;
  /** FROM's word for an image or stage, expanded. */
  base(stage: Stage): Lexed | undefined;
}

/**
 * Follows ARG and ENV through the file as BuildKit does.
 * @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go dispatchArg, dispatchEnv, buildMetaArgs
 */
export function scopesOf(file: Dockerfile, inputs: BuildInputs = {}): Scopes {
  const budget: Budget = { left: maxFileCharacters };
  const globals = globalTimeline({ file, inputs, budget });
  const globalLookup: Lookup = (name) => find(globals, name, Infinity);
  const bases = file.stages.map((stage) => stage.base && lex({ file, budget }, stage.base.value, globalLookup));
  const baseStages = findBaseStages(file, bases);
  let stages: readonly Timeline[] | undefined;
  const place = (instruction: Instruction): Place => {
    // Lazy: callers that need only bases don't pay for every ENV.
    stages ??= stageTimelines({ file, inputs, budget, globals, bases, baseStages });
    return placeOf(file, globals, stages, instruction);
  };
  return {
    globalLookup,
    globalVariable: (name, globalIndex = Infinity) => find(globals, name, globalIndex),
    variable: (instruction, name) => find(place(instruction).timeline, name, place(instruction).at),
    variables: (instruction) => allIn(place(instruction)),
    isComplete: (instruction) => place(instruction).timeline.isClosed,
    lookup: (instruction) => lookupIn(place(instruction)),
    baseStage: (stage) => baseStages[stage.index],
    base: (stage) => bases[stage.index],
  };
}

interface Timeline {
  readonly entries: Map<string, { readonly at: number; readonly variable: Variable }[]>;
  readonly parent?: Timeline;
  /** The number of parents. */
  readonly depth: number;
  /** False if names may be set that are neither in `entries` nor in those of the parents. */
  readonly isClosed: boolean;
}

interface Place {
  readonly timeline: Timeline;
  readonly at: number;
}

// The limit on the characters that variables may produce for the values and bases of one file. Without it, thousands of
// lines that repeat a long value would fill the memory.
const maxFileCharacters = 1 << 23;

interface Budget {
  left: number;
}

interface Work {
  readonly file: Dockerfile;
  readonly inputs: BuildInputs;
  readonly budget: Budget;
  readonly globals: Timeline;
  readonly bases: readonly (Lexed | undefined)[];
  readonly baseStages: readonly (Stage | undefined)[];
}

function define(timeline: Timeline, at: number, variable: Variable): void {
  const entries = timeline.entries.get(variable.name);
  if (entries) entries.push({ at, variable });
  else timeline.entries.set(variable.name, [{ at, variable }]);
}

/** The variable set by the last instruction before `at`, or inherited. */
function find(timeline: Timeline, name: string, at: number): Variable | undefined {
  let limit = at;
  for (let scope: Timeline | undefined = timeline; scope; scope = scope.parent) {
    const found = lastBefore(scope.entries.get(name) ?? [], limit);
    if (found) return found;
    limit = Infinity;
  }
  return undefined;
}

function lastBefore(
  entries: readonly { readonly at: number; readonly variable: Variable }[],
  limit: number,
): Variable | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.at ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1]?.variable;
}

function lookupIn({ timeline, at }: Place): Lookup {
  const rest = timeline.isClosed ? undefined : {};
  return (name) => find(timeline, name, at) ?? rest;
}

function allIn({ timeline, at }: Place): readonly Variable[] {
  const found = new Map<string, Variable>();
  for (let scope: Timeline | undefined = timeline; scope; scope = scope.parent) {
    for (const [name, [first]] of scope.entries) {
      // Names are in the order of their first assignment.
      if (scope === timeline && first && first.at >= at) break;
      const variable = found.has(name) ? undefined : find(timeline, name, at);
      if (variable) found.set(name, variable);
    }
  }
  return [...found.values()];
}

function placeOf(file: Dockerfile, globals: Timeline, stages: readonly Timeline[], instruction: Instruction): Place {
  const stage = file.stages[instruction.stageIndex];
  const timeline = stages[instruction.stageIndex];
  if (!stage || !timeline) return { timeline: globals, at: instruction.index };
  return instruction.index === stage.from.index
    ? { timeline: globals, at: Infinity }
    : { timeline, at: instruction.index };
}

function globalTimeline({ file, inputs, budget }: Pick<Work, "file" | "inputs" | "budget">): Timeline {
  const timeline: Timeline = { entries: new Map(), depth: 0, isClosed: true };
  for (const { name, kind } of predefinedArgs.values()) {
    if (kind === "platform")
      define(timeline, -1, withValue({ name, origin: "predefined" }, inputs.buildArgs?.get(name)));
  }
  for (const instruction of file.globals) {
    if (instruction.keyword.value !== "ARG") continue;
    for (const pair of instruction.pairs) {
      const lookup: Lookup = (name) => find(timeline, name, Infinity);
      const variable = argVariable(
        { file, inputs, budget, instruction, pair },
        lookup,
        find(timeline, pair.key.value, Infinity),
      );
      if (variable) define(timeline, instruction.index, variable);
    }
  }
  return timeline;
}

interface ArgPlace {
  readonly file: Dockerfile;
  readonly inputs: BuildInputs;
  readonly budget: Budget;
  readonly instruction: Instruction;
  readonly pair: KeyValue;
}

/**
 * The variable that an ARG sets. A build argument overrides the default, which overrides the previous value, which
 * stays without either. Undefined if the ARG doesn't set anything.
 */
function argVariable(
  { file, inputs, budget, instruction, pair }: ArgPlace,
  lookup: Lookup,
  inherited: Variable | undefined,
): Variable | undefined {
  const name = pair.key.value;
  const variable: Variable = { name, origin: "arg", definition: { instruction, pair } };
  const given = inputs.buildArgs?.get(name);
  if (given !== undefined) return { ...variable, value: given };
  if (!pair.value)
    return inherited || inputs.areBuildArgsComplete !== true ? withValue(variable, inherited?.value) : undefined;
  const lexed = lex({ file, budget }, pair.value.value, lookup);
  const { pieces, references, unknown, failure } = lexed;
  return {
    ...withValue(variable, certainResult(lexed)),
    parts: { pieces, references, unknown, ...(failure && { failure }) },
  };
}

function withValue(variable: Variable, value: string | undefined): Variable {
  return value === undefined ? variable : { ...variable, value };
}

function valueOf(place: Pick<Work, "file" | "budget">, text: string, lookup: Lookup): string | undefined {
  return certainResult(lex(place, text, lookup));
}

/** Lexes until the file's budget is spent; from then on all variables are unknown. */
function lex({ file, budget }: Pick<Work, "file" | "budget">, text: string, lookup: Lookup): Lexed {
  const bounded: Lookup = (name) => {
    const found = lookup(name);
    budget.left -= found?.value?.length ?? 0;
    return found && budget.left < 0 ? {} : found;
  };
  return lexShell(text, { escape: file.escape, lookup: bounded, keepsPieces: true });
}

function certainResult({ result, unknown, failure }: Lexed): string | undefined {
  return unknown.length > 0 || failure ? undefined : result;
}

/** Finds the last earlier stage whose name, in lower case, is exactly FROM's word. */
function findBaseStages(file: Dockerfile, bases: readonly (Lexed | undefined)[]): (Stage | undefined)[] {
  const byName = new Map<string, Stage>();
  return file.stages.map((stage) => {
    const base = bases[stage.index];
    const found = base && base.unknown.length === 0 ? byName.get(base.result) : undefined;
    if (stage.name) byName.set(stage.name.value.toLowerCase(), stage);
    return found;
  });
}

function stageTimelines(work: Work): Timeline[] {
  const timelines: Timeline[] = [];
  for (const stage of work.file.stages) {
    const base = work.baseStages[stage.index];
    timelines.push(stageTimeline(work, stage, base, base && timelines[base.index]));
  }
  return timelines;
}

function stageTimeline(work: Work, stage: Stage, base: Stage | undefined, parent: Timeline | undefined): Timeline {
  const timeline = parent ? timelineOn(parent) : imageTimeline(work, stage);
  const triggers = (base?.instructions ?? []).flatMap(({ keyword, trigger }) =>
    keyword.value === "ONBUILD" && trigger ? [trigger] : [],
  );
  // They run in order between FROM and the stage's first instruction.
  for (const [index, trigger] of triggers.entries())
    apply(work, timeline, trigger, stage.from.index + index / (triggers.length + 1));
  for (const instruction of stage.instructions) apply(work, timeline, instruction, instruction.index);
  return timeline;
}

/**
 * The start of a stage on another. On a chain longer than any engine can store, inherited variables are unknown: each
 * lookup would follow the chain.
 */
function timelineOn(parent: Timeline): Timeline {
  const depth = parent.depth + 1;
  return depth > maxDepth
    ? { entries: new Map(), depth: 0, isClosed: false }
    : { entries: new Map(), parent, depth, isClosed: parent.isClosed };
}

// Engines store at most 128 layers.
const maxDepth = 200;

/** The start of a stage on an image: BuildKit sets PATH if the image doesn't. */
function imageTimeline(work: Work, stage: Stage): Timeline {
  const isScratch = work.bases[stage.index]?.result === "scratch";
  const env = isScratch ? new Map<string, string>() : work.inputs.baseEnv?.(stage);
  const timeline: Timeline = { entries: new Map(), depth: 0, isClosed: env !== undefined };
  define(timeline, -1, { name: "PATH", origin: "baseImage" });
  for (const [name, value] of env ?? []) define(timeline, -1, { name, value, origin: "baseImage" });
  return timeline;
}

function apply(work: Work, timeline: Timeline, instruction: Instruction, at: number): void {
  if (instruction.keyword.value === "ENV") applyEnv(work, timeline, instruction, at);
  if (instruction.keyword.value === "ARG") applyArg(work, timeline, instruction, at);
}

/** Applies an ENV: all its pairs see the variables from before it. */
function applyEnv(work: Work, timeline: Timeline, instruction: Instruction, at: number): void {
  const lookup = lookupIn({ timeline, at });
  for (const pair of instruction.pairs) {
    const name = valueOf(work, pair.key.value, lookup);
    if (name === undefined || !pair.value) continue;
    define(
      timeline,
      at,
      withValue({ name, origin: "env", definition: { instruction, pair } }, valueOf(work, pair.value.value, lookup)),
    );
  }
}

/**
 * Applies an ARG: each name sees those before it. Without a default it takes the global ARG's value, else keeps the
 * stage's.
 */
function applyArg(
  { file, inputs, budget, globals }: Work,
  timeline: Timeline,
  instruction: Instruction,
  at: number,
): void {
  for (const pair of instruction.pairs) {
    const lookup = lookupIn({ timeline, at: Infinity });
    const name = pair.key.value;
    const inherited = find(globals, name, Infinity) ?? find(timeline, name, Infinity);
    const variable = argVariable({ file, inputs, budget, instruction, pair }, lookup, inherited);
    if (variable) define(timeline, at, variable);
  }
}
