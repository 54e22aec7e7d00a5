import { applyChanges } from "../dockerfile/edit/applyChanges.ts";
import type { Change } from "../dockerfile/edit/change.ts";
import { findReferences, type PlacedReference } from "../dockerfile/references/findReferences.ts";
import { parse } from "../dockerfile/syntax/parse.ts";
import type { Dockerfile } from "../dockerfile/syntax/syntax.ts";
import { formatReference } from "../oci/core/reference.ts";
import { none, resolve, type Resolved, type Variables } from "./in/textReference.ts";
import type { TextInFile } from "./in/yamlText.ts";
import type { BuildDefinition } from "./builds/definition.ts";

/** A build argument whose value is known. */
interface GivenArg {
  readonly name: string;
  readonly text: TextInFile;
  readonly value: Resolved & { readonly expanded: string };
}

// Image references have no other characters, so nothing that a shell or a Dockerfile would read differently.
const plainValue = /^[\w.:/@+-]{1,4096}$/;

/**
 * The images that the arguments of a build put into FROM, each at the value that holds the end of the reference: the
 * image itself, or its tag. The Dockerfile is read with the arguments as the defaults of its ARGs.
 */
export function argReferences(
  { args }: Pick<BuildDefinition, "args">,
  dockerfile: Dockerfile,
  variables: Variables,
): readonly PlacedReference[] {
  const given = args.flatMap(({ name, text }): readonly GivenArg[] => {
    const { expanded, ...value } = text ? resolve(text, variables) : { target: none("") };
    return text && expanded !== undefined && plainValue.test(expanded)
      ? [{ name, text, value: { ...value, expanded } }]
      : [];
  });
  const changes = given.flatMap((arg) => defaultEdits(arg, dockerfile));
  if (changes.length === 0) return [];
  const built = parse(applyChanges(dockerfile.text, changes));
  const placed = findReferences(built);
  return given.flatMap((arg) => placedAt(arg, placed, built));
}

/** Gives an ARG before the first FROM the value as its default. */
function defaultEdits({ name, value }: GivenArg, { globals }: Dockerfile): readonly Change[] {
  return pairsOf(name, globals).map(({ key, value: written }) =>
    written
      ? { span: written.span, text: value.expanded }
      : { span: { start: key.span.end, end: key.span.end }, text: `=${value.expanded}` },
  );
}

function pairsOf(name: string, globals: Dockerfile["globals"]) {
  return globals
    .filter(({ keyword }) => keyword.value === "ARG")
    .flatMap(({ pairs }) => pairs.filter(({ key }) => key.value === name));
}

/** The reference that ends in the argument's value; references that share it are one. */
function placedAt(
  { name, text, value: { target } }: GivenArg,
  references: readonly PlacedReference[],
  { globals }: Dockerfile,
): readonly PlacedReference[] {
  const [pair] = pairsOf(name, globals);
  const found = references.find(
    ({ target: at }) => at.kind === "argDefault" && at.arg === name && at.end === pair?.value?.span.end,
  );
  if (!found?.reference) return [];
  return [
    {
      place: "arg",
      isTrigger: false,
      span: { start: text.start, end: text.end },
      written: text.text,
      reference: found.reference,
      ...(found.platform !== undefined && { platform: found.platform }),
      target: text.isEditable ? target : none("it has escapes, or other values share it; write it out at this place"),
    },
  ];
}

/** The references with one for each place; a value that several images share can't hold a digest. */
export function oneForEachPlace(references: readonly PlacedReference[]): readonly PlacedReference[] {
  const places = new Map<number, PlacedReference>();
  for (const placed of references) {
    const known = places.get(placed.span.start);
    const isSame = !known || nameOf(known) === nameOf(placed);
    const shared = none("several images share this value, which have different digests; write a value for each");
    places.set(placed.span.start, isSame ? (known ?? placed) : { ...known, target: shared });
  }
  return [...places.values()];
}

function nameOf({ reference }: PlacedReference): string {
  return reference ? formatReference(reference) : "";
}
