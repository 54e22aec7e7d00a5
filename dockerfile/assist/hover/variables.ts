import { lineNumberOf } from "../../syntax/lineNumber.ts";
import { expandWith } from "../../syntax/expand/expand.ts";
import { predefinedArgs } from "../../syntax/expand/predefinedArgs.ts";
import type { Variable } from "../../syntax/expand/variables.ts";
import type { CompletionInput } from "../completion/completion.ts";
import { isBasePending } from "../completion/variables.ts";
import type { Located } from "../locate.ts";
import { code, paragraphs } from "./markdown.ts";

/** The value of a variable at an instruction, and its origin. */
export function hoverVariable(
  { build }: CompletionInput,
  { instruction, reference: { name }, by }: Extract<Located, { readonly kind: "variable" }>,
): string | undefined {
  const variable = build.scopesWithBases().variable(instruction, name);
  const predefined = predefinedArgs.get(name);
  if (!variable && predefined?.kind === "proxy" && instruction.keyword.value === "RUN")
    return paragraphs(heading(name), `${predefined.doc}. Predefined: RUN has it without a declaration.`);
  if (!variable) return paragraphs(heading(name), unset({ build }, instruction, by));
  return paragraphs(heading(name, variable.value), originOf({ build }, variable, instruction.stageIndex), docOf(name));
}

/** The value that an ARG or ENV assigns. */
export function hoverDefinition(
  { build }: CompletionInput,
  { instruction, pair }: Extract<Located, { readonly kind: "definition" }>,
): string | undefined {
  const name = pair.key.value;
  const kind = instruction.keyword.value;
  const lookup = build.scopesWithBases().lookup(instruction);
  const expanded = pair.value && expandWith(pair.value.logical, build.file.escape, lookup);
  const value = expanded && !expanded.failure && expanded.unknownNames.length === 0 ? expanded.value : undefined;
  const global = instruction.stageIndex < 0 ? undefined : build.scopes.globalVariable(name);
  if (kind === "ENV")
    return paragraphs(heading(name, value), "Environment variable of the following steps and of containers.");
  const inherited = pair.value ? undefined : global?.value;
  return paragraphs(
    heading(name, value ?? inherited),
    pair.value
      ? `Build argument with a default; \`--build-arg ${name}=…\` sets another value.`
      : inherited !== undefined
        ? "Build argument; its value is that from before the first FROM."
        : `Build argument without a default; \`--build-arg ${name}=…\` sets it.`,
    docOf(name),
  );
}

function heading(name: string, value?: string): string {
  return value === undefined ? `**${name}**` : `**${name}** = ${code(value)}`;
}

function docOf(name: string): string | undefined {
  const known = predefinedArgs.get(name);
  return known && `${known.doc}. [Dockerfile reference](${known.source})`;
}

type Where = Pick<CompletionInput, "build">;
type PlacedInstruction = NonNullable<Variable["definition"]>["instruction"];

function unset(where: Where, instruction: PlacedInstruction, by: "build" | "shell"): string {
  if (isBasePending(where, instruction)) return "Not set in this file; the base image is being looked up.";
  if (!where.build.scopesWithBases().isComplete(instruction))
    return "Not set in this file; the base image may set it, which is not known here.";
  return by === "shell"
    ? "Not set by this file or its base image; the shell may set it on its own."
    : "Not set here: BuildKit inserts nothing.";
}

function originOf({ build }: Where, { origin, definition, value }: Variable, stageIndex: number): string {
  const unknown = value === undefined ? ", its value is not known here" : "";
  if (origin === "predefined") return `Predefined by the builder${unknown}.`;
  if (origin === "baseImage") {
    const root = build.rootStage(build.file.stages[stageIndex]);
    const name = build.baseImage(root)?.text;
    return `From the base image${name === undefined ? "" : ` ${code(name)}`}${unknown}.`;
  }
  if (!definition) return `From ${origin.toUpperCase()}${unknown}.`;
  const { instruction, pair } = definition;
  // An ARG of a stage without a default has that from before the first FROM.
  const outer = pair.value || instruction.stageIndex < 0 ? undefined : build.scopes.globalVariable(pair.key.value);
  const place = [instruction, ...(outer?.definition ? [outer.definition.instruction] : [])]
    .map((each) => `line ${lineNumberOf(build.file, each)}`)
    .join(", with the default of ");
  const changeable = origin === "arg" ? "; `--build-arg` can change it" : "";
  return `From ${origin.toUpperCase()} on ${place}${unknown}${changeable}.`;
}
