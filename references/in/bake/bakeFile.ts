import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { TextInFile } from "../yamlText.ts";

/** A value of a Bake file, in HCL or JSON. */
export type BakeValue =
  /** A text with `${…}` and the file position of each character. */
  | { readonly kind: "text"; readonly text: TextInFile }
  /** The value of a variable, written without quotes. */
  | { readonly kind: "variable"; readonly name: string; readonly span: Span }
  | { readonly kind: "object"; readonly members: readonly BakeMember[] }
  | { readonly kind: "list"; readonly items: readonly BakeValue[] }
  /** A number, a condition, or the result of a function. */
  | { readonly kind: "other"; readonly span: Span };

export interface BakeMember {
  readonly name: string;
  /** The position of the name in the file, without quotes. */
  readonly nameSpan: Span;
  readonly value: BakeValue;
}

/** The declarations of a Bake file. @see https://docs.docker.com/build/bake/reference/ */
export interface BakeFile {
  /** Every target by name; a target declared twice is listed twice. */
  readonly targets: readonly BakeTarget[];
  /** The default of each variable that has one, by name. */
  readonly defaults: ReadonlyMap<string, BakeValue>;
  /** The number of uses of each variable in the file. */
  readonly uses: ReadonlyMap<string, number>;
}

export interface BakeTarget {
  readonly name: string;
  readonly members: readonly BakeMember[];
}

/** Parses HCL. Returns the reason as a text if it can't be parsed. */
export type HclReader = (text: string) => BakeFile | string;

/** The value of a member; of two with the same name the last, as in Bake. */
export function memberOf(members: readonly BakeMember[], name: string): BakeValue | undefined {
  return members.findLast((member) => member.name === name)?.value;
}

/** The members of an object; empty for any other value. */
export function membersOf(value: BakeValue | undefined): readonly BakeMember[] {
  return value?.kind === "object" ? value.members : [];
}

/** Reads the blocks that both syntaxes of a Bake file have. `uses` has the counts of the syntax's reader. */
export function bakeFile(
  blocks: readonly { readonly type: string; readonly label: string; readonly members: readonly BakeMember[] }[],
  attributes: readonly BakeMember[],
  uses: ReadonlyMap<string, number>,
): BakeFile {
  const ofType = (type: string) => blocks.filter((block) => block.type === type);
  const variables = ofType("variable").flatMap(({ label, members }) => {
    const value = memberOf(members, "default");
    return value ? [[label, value] as const] : [];
  });
  return {
    targets: ofType("target").map(({ label, members }) => ({ name: label, members })),
    // A plain attribute of the file is a variable too.
    defaults: new Map([...attributes.map(({ name, value }) => [name, value] as const), ...variables]),
    uses,
  };
}
