import { expandWith } from "../syntax/expand/expand.ts";
import type { Dockerfile, Instruction, LogicalText, Span } from "../syntax/syntax.ts";
import { scopesOf, type Scopes } from "../syntax/expand/variables.ts";
import { hasWildcard } from "./goMatch.ts";
import { isWholeContext } from "./matchSource.ts";

/** A name of files in the build context, where it is written. */
export interface NamedSource {
  readonly instruction: Instruction;
  /** "mount" for `RUN --mount=type=bind,source=…`. */
  readonly usedBy: "copy" | "mount";
  readonly span: Span;
  /** As written, quotes and variables as they are. */
  readonly written: string;
  /** Variables put in; with slashes between its parts. */
  readonly source: string;
}

/** What COPY, ADD and bind mounts take from the build context, in the file's order. Left out: heredocs, addresses, other stages, triggers, and what depends on unknown variables. */
export function namedSources(file: Dockerfile, scopes: Scopes): readonly NamedSource[] {
  return file.instructions.flatMap((instruction) =>
    instruction.keyword.value === "RUN" ? mountSources(instruction) : copySources(file, instruction, scopes),
  );
}

/** The sources that name one file or folder, each once: no patterns, not the whole context. */
export function literalSources(file: Dockerfile, scopes: Scopes = scopesOf(file)): readonly string[] {
  return [...new Set(namedSources(file, scopes).map(({ source }) => source))].filter(
    (source) => !hasWildcard(source) && !isWholeContext(source),
  );
}

/** An address or a Git repository. @see https://docs.docker.com/reference/dockerfile/#add */
export function isRemote(source: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+@[\w.-]+:/i.test(source);
}

function copySources(file: Dockerfile, instruction: Instruction, scopes: Scopes): readonly NamedSource[] {
  const { keyword, flags, heredocs } = instruction;
  const takesFromContext =
    keyword.value === "ADD" || (keyword.value === "COPY" && !flags.some(({ name }) => name === "from"));
  if (!takesFromContext) return [];
  const words = instruction.arguments
    .slice(0, -1)
    .filter(({ span }) => !heredocs.some((heredoc) => heredoc.span.start === span.start));
  return words.flatMap(({ value, span, logical }): NamedSource[] => {
    const source = expanded(file, logical, scopes, instruction);
    return source === undefined || source === "" || isRemote(source)
      ? []
      : [{ instruction, usedBy: "copy", span, written: value, source }];
  });
}

/** Where the escape character is not the backslash, it separates the parts of a path. */
function expanded(file: Dockerfile, text: LogicalText, scopes: Scopes, instruction: Instruction): string | undefined {
  const { value, unknownNames, failure } = expandWith(text, file.escape, scopes.lookup(instruction));
  if (unknownNames.length > 0 || failure) return undefined;
  return file.escape === "`" ? value.replaceAll("\\", "/") : value;
}

/** @see https://docs.docker.com/reference/dockerfile/#run---mounttypebind */
function mountSources(instruction: Instruction): readonly NamedSource[] {
  return instruction.flags
    .filter(({ name }) => name === "mount")
    .flatMap(({ options }): NamedSource[] => {
      const option = (...keys: readonly string[]) => options.find(({ key }) => keys.includes(key))?.value;
      const source = option("source", "src");
      const isFromContext = (option("type")?.value ?? "bind") === "bind" && option("from") === undefined;
      if (!isFromContext || !source || source.value.includes("$")) return [];
      return [{ instruction, usedBy: "mount", span: source.span, written: source.value, source: source.value }];
    });
}
