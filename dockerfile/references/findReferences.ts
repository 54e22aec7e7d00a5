import { parseReference, type ImageReference } from "../../oci/core/reference.ts";
import type { Dockerfile, Instruction, Span, Stage, Word } from "../syntax/syntax.ts";
import { sourceWords } from "../syntax/stages.ts";
import { argUsesOf } from "./argUses.ts";
import { expandInFrom, expansionOf, globalArgsOf, maxWordLength, type Expansion } from "./globalArgs.ts";
import { syntaxValue } from "./syntaxDirective.ts";
import { targetInText, targetOf, type EditTarget, type PinScope } from "./target.ts";

/**
 * The kind of place that names an image: in a Dockerfile one of the first four; in other files an `image`, the context
 * of a build, something that a step uses, or a build argument.
 */
export type ReferencePlace = "from" | "copyFrom" | "mountFrom" | "syntax" | "image" | "context" | "uses" | "arg";

/** An image that a Dockerfile names. */
export interface PlacedReference {
  readonly place: ReferencePlace;
  /** True inside ONBUILD. */
  readonly isTrigger: boolean;
  /** The span of the reference where it is used, as far as it is written there: including variables and quotes. */
  readonly span: Span;
  /** The text of `span`, without continuations. */
  readonly written: string;
  /** The reference without build arguments; absent if unknown, in which case the target is "none". */
  readonly reference?: ImageReference;
  readonly target: EditTarget;
  /** The platform in FROM's --platform without build arguments, if known. */
  readonly platform?: string;
}

/**
 * Every image that the file names, in the file's order: in FROM, COPY --from, RUN --mount=…,from=, inside ONBUILD, and
 * in `# syntax=` or `// syntax=`. Names of stages, their numbers and `scratch` aren't images and are left out.
 * @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go
 */
export function findReferences(file: Dockerfile): readonly PlacedReference[] {
  const args = globalArgsOf(file);
  const scope: Scope = { file, args, uses: argUsesOf(file, args), stageNames: stageNamesOf(file) };
  const found = [
    ...syntaxReference(scope),
    ...file.stages.flatMap((stage) => [
      ...fromReference(stage, scope),
      ...stage.instructions.flatMap((instruction) => instructionReferences(instruction, scope)),
    ]),
  ];
  return found.sort((a, b) => a.span.start - b.span.start);
}

interface Scope extends PinScope {
  /** In lower case, with the index of the first stage with that name. */
  readonly stageNames: ReadonlyMap<string, number>;
}

/**
 * The reference in the first word of the value; the rest are arguments of the frontend. Without quotes or variables.
 */
function syntaxReference({ file }: Scope): readonly PlacedReference[] {
  const value = syntaxValue(file);
  const written = value && /^\S+/.exec(value.text)?.[0];
  if (!value || written === undefined || written.length > maxWordLength) return [];
  const span = { start: value.start, end: value.start + written.length };
  const target = targetInText({ text: written, offsetAt: (index) => span.start + index }, file);
  return [placed({ place: "syntax", isTrigger: false, span, written }, { text: written }, target)];
}

function fromReference({ base, index, platform }: Stage, scope: Scope): readonly PlacedReference[] {
  if (!base) return [];
  const where = {
    place: "from" as const,
    isTrigger: false,
    span: base.span,
    written: base.logical.text,
    ...platformOf(platform, scope),
  };
  const word = expandInFrom(base, scope.file, scope.args);
  if (!word) return [unknown(where, "it is too long for an image reference")];
  const expansion = expansionOf(word, scope.args);
  // FROM sees only earlier stages, and compares with their names in lower case: `FROM Builder` is an image.
  const isStage = "text" in expansion && (scope.stageNames.get(expansion.text) ?? index) < index;
  if (isStage || ("text" in expansion && expansion.text === "scratch")) return [];
  return [placed(where, expansion, targetOf(word, scope))];
}

function platformOf(word: Word | undefined, { file, args }: Scope): { readonly platform?: string } {
  const expanded = word && expandInFrom(word, file, args);
  const platform = expanded && expansionOf(expanded, args);
  return platform && "text" in platform ? { platform: platform.text } : {};
}

function instructionReferences(instruction: Instruction, scope: Scope, isTrigger = false): readonly PlacedReference[] {
  if (instruction.trigger)
    return instructionReferences(instruction.trigger, scope, instruction.keyword.value === "ONBUILD");
  return sourceWords(instruction).flatMap(({ by, word }) =>
    by === "copy" ? copyReference(word, scope, isTrigger) : mountReference(word, scope, isTrigger),
  );
}

/**
 * The reference of a COPY. A number means a stage; a name is searched in the whole file before it means an image.
 * BuildKit doesn't expand anything here.
 */
function copyReference(word: Word, scope: Scope, isTrigger: boolean): readonly PlacedReference[] {
  if (/^[+-]?[0-9]+$/.test(word.logical.text)) return [];
  const isExpandable = word.logical.text.includes(scope.file.escape) || /[$"']/.test(word.logical.text);
  return literalReference(
    {
      word,
      place: "copyFrom",
      isTrigger,
      problem: isExpandable
        ? "COPY --from doesn't accept variables or quotes; name a stage with FROM instead"
        : undefined,
    },
    scope,
  );
}

/** The reference of a mount, which is searched by name only: `from=0` isn't a stage here. */
function mountReference(word: Word, scope: Scope, isTrigger: boolean): readonly PlacedReference[] {
  const text = word.logical.text;
  const problem = /^[0-9]+$/.test(text)
    ? `a mount can't name a stage by its number: "${text}" would be the image docker.io/library/${text}`
    : /\$./.test(text)
      ? "a mount's from takes no variables; name a stage with FROM instead"
      : undefined;
  return literalReference({ word, place: "mountFrom", isTrigger, problem }, scope);
}

interface LiteralPlace {
  readonly word: Word;
  readonly place: ReferencePlace;
  readonly isTrigger: boolean;
  readonly problem: string | undefined;
}

function literalReference(
  { word, place, isTrigger, problem }: LiteralPlace,
  { file, stageNames }: Scope,
): readonly PlacedReference[] {
  const text = word.logical.text;
  if (text === "" || text === "scratch" || stageNames.has(text.toLowerCase())) return [];
  const where = { place, isTrigger, span: word.span, written: text };
  if (text.length > maxWordLength) return [unknown(where, "it is too long for an image reference")];
  if (problem !== undefined) return [unknown(where, problem)];
  // A bare name may be a stage of the build that runs this trigger.
  if (isTrigger && /^[a-z][a-z0-9_.-]*$/i.test(text))
    return [
      unknown(
        where,
        `"${text}" may be a stage of the Dockerfile that builds on this image; write a tag to mean an image`,
      ),
    ];
  return [placed(where, { text }, targetInText(word.logical, file))];
}

type Where = Pick<PlacedReference, "place" | "isTrigger" | "span" | "written" | "platform">;

function placed(where: Where, expansion: Expansion, target: EditTarget): PlacedReference {
  // The reason why a variable can't be pinned is more helpful than the problem in the resulting reference.
  const reason = target.kind === "none" ? target.reason : undefined;
  if ("unknown" in expansion) return unknown(where, reason ?? expansion.unknown);
  const reference = parseReference(expansion.text);
  if (!reference.ok) return unknown(where, reason ?? reference.error.message);
  if (target.kind !== "none" && reference.value.digest !== undefined && !target.digestSpan) {
    return {
      ...where,
      reference: reference.value,
      target: { kind: "none", reason: "its digest comes from another ARG; pin the whole reference in one place" },
    };
  }
  return { ...where, reference: reference.value, target };
}

function unknown(where: Where, reason: string): PlacedReference {
  return { ...where, target: { kind: "none", reason } };
}

function stageNamesOf({ stages }: Dockerfile): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const { name, index } of stages) {
    const key = name?.value.toLowerCase();
    if (key !== undefined && !names.has(key)) names.set(key, index);
  }
  return names;
}
