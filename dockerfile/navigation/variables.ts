import { isHuge } from "../assist/instructionAt.ts";
import { variableUses, type VariableUse } from "../assist/variableUses.ts";
import type { BuildText } from "../semantics/build.ts";
import { lazy } from "../semantics/lazy.ts";
import { namesSetIn } from "../semantics/scriptVariables.ts";
import { withoutOperands } from "./scriptText.ts";
import type { Dockerfile, Instruction, KeyValue, Span } from "../syntax/syntax.ts";
import type { Occurrence, Target } from "./occurrence.ts";

type Declared = Extract<Target, { kind: "variable" }>;

/**
 * The places where the file sets and reads variables. All ARGs of one name are one variable, because the caller's value
 * goes to each; an ENV continues the one that its stage already has.
 */
export function variableOccurrences(build: BuildText): readonly Occurrence[] {
  const { file } = build;
  const targets = new Map<KeyValue, Declared>();
  const instructions = file.instructions.filter(({ span }) => !isHuge(span));
  const declarations = instructions.flatMap((outer) =>
    withTriggers(outer).flatMap((instruction) => declarationsIn(build, instruction, targets)),
  );
  const uses = instructions.flatMap((outer) => {
    const known = { targets, ...knowledgeOf(build, outer) };
    return variableUses(file, outer).flatMap((use) => useOccurrence(build, use, known));
  });
  return [...declarations, ...uses];
}

/** Data shared by the reads of one instruction. */
interface Known {
  readonly targets: ReadonlyMap<KeyValue, Declared>;
  readonly namesOfScript: () => ReadonlySet<string>;
  /** The pairs of an ARG, by name. */
  readonly pairs: () => ReadonlyMap<string, readonly KeyValue[]>;
}

function knowledgeOf(build: BuildText, outer: Instruction): Omit<Known, "targets"> {
  const args = withTriggers(outer).filter(({ keyword }) => keyword.value === "ARG");
  return {
    // After the flags: mount options look like assignments.
    namesOfScript: lazy(() => namesSetIn(withoutOperands(build, outer))),
    pairs: lazy(() => byName(args.flatMap(({ pairs }) => pairs))),
  };
}

function byName(pairs: readonly KeyValue[]): ReadonlyMap<string, readonly KeyValue[]> {
  const groups = new Map<string, KeyValue[]>();
  for (const pair of pairs) {
    const group = groups.get(pair.key.value);
    if (group) group.push(pair);
    else groups.set(pair.key.value, [pair]);
  }
  return groups;
}

function withTriggers(instruction: Instruction): readonly Instruction[] {
  return instruction.trigger ? [instruction, ...withTriggers(instruction.trigger)] : [instruction];
}

function declarationsIn(
  build: BuildText,
  instruction: Instruction,
  targets: Map<KeyValue, Declared>,
): readonly Occurrence[] {
  const { value: by } = instruction.keyword;
  if (by !== "ARG" && by !== "ENV") return [];
  const beside = new Map<string, Declared>();
  return instruction.pairs.flatMap((pair): readonly Occurrence[] => {
    const { value: name, span } = pair.key;
    // A name that contains variables isn't a name.
    if (!/^[A-Za-z_]\w*$/.test(name)) return [];
    const target = by === "ARG" ? argTarget(name) : (beside.get(name) ?? envTarget(build, instruction, pair, targets));
    beside.set(name, target);
    targets.set(pair, target);
    const declaration = declarationBefore(build, instruction, pair);
    const obstacle = obstacleIn(build.file, span, name);
    return [{ span, target, role: "declaration", ...(declaration && { declaration }), ...(obstacle && { obstacle }) }];
  });
}

function argTarget(name: string): Declared {
  return { kind: "variable", id: `ARG ${name}`, name, by: "ARG" };
}

function envTarget(
  { scopes }: BuildText,
  instruction: Instruction,
  { key }: KeyValue,
  targets: ReadonlyMap<KeyValue, Declared>,
): Declared {
  const before = scopes.variable(instruction, key.value);
  const known = before?.origin === "env" && before.definition ? targets.get(before.definition.pair) : undefined;
  return known ?? { kind: "variable", id: `ENV ${key.span.start}`, name: key.value, by: "ENV" };
}

/** The declaration before the first FROM whose value an ARG without default takes in a stage. */
function declarationBefore({ scopes }: BuildText, instruction: Instruction, pair: KeyValue): Span | undefined {
  if (instruction.keyword.value !== "ARG" || pair.value || instruction.stageIndex < 0) return undefined;
  return scopes.globalVariable(pair.key.value)?.definition?.pair.key.span;
}

function useOccurrence(
  build: BuildText,
  use: VariableUse,
  { targets, namesOfScript, pairs }: Known,
): readonly Occurrence[] {
  const { name, nameSpan: span } = use.reference;
  const pair = pairBeside(use, pairs) ?? build.scopes.variable(use.instruction, name)?.definition?.pair;
  const target = pair && targets.get(pair);
  // A container runs without the build's arguments.
  if (!target || (target.by === "ARG" && runsLater.has(use.instruction.keyword.value))) return [];
  // If a script sets the name itself, it is unknown which reads mean the build's variable.
  const isShells = use.by === "shell" && namesOfScript().has(name);
  const obstacle = obstacleIn(build.file, span, name) ?? (isShells ? `the script sets ${name} itself` : undefined);
  return [{ span, target, role: "use", declaration: pair.key.span, ...(obstacle && { obstacle }) }];
}

/** The pair on the same line that a name sees: in an ARG, each name sees those before it. */
function pairBeside(
  { instruction, reference: { name, span } }: VariableUse,
  pairs: Known["pairs"],
): KeyValue | undefined {
  if (instruction.keyword.value !== "ARG") return undefined;
  return pairs()
    .get(name)
    ?.findLast(({ key, value }) => (value ?? key).span.end <= span.start);
}

function obstacleIn({ text }: Dockerfile, { start, end }: Span, name: string): string | undefined {
  const written = text.slice(start, end);
  return written === name ? undefined : `${JSON.stringify(written)} does not name the variable plainly`;
}

const runsLater: ReadonlySet<string> = new Set(["CMD", "ENTRYPOINT"]);
