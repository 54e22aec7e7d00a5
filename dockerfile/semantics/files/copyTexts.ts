import { lexShell } from "../../syntax/expand/lexer.ts";
import type { Lookup } from "../../syntax/expand/lexerState.ts";
import type { Heredoc, Instruction } from "../../syntax/syntax.ts";
import type { Build, Copy } from "../build.ts";
import type { Unknown } from "./imageFile.ts";

/** The sources given to COPY and ADD, with variables expanded. */
export interface CopyTexts {
  readonly paths: readonly string[];
  /** Files whose content is in the Dockerfile. They are written after the others. */
  readonly heredocs: readonly { readonly name: string; readonly content: string }[];
  /** Names that the file doesn't set and an unknown base image might: assumed to be unset. */
  readonly assumedUnset: readonly string[];
}

/** Expands the sources of a COPY or ADD, or reports the missing variable. */
export function textsOf(build: Build, { instruction, sources }: Copy): CopyTexts | Unknown {
  const assumed = new Set<string>();
  const lookup = lookupOf(build, instruction, assumed);
  const expand = (text: string, options: { readonly escape: string; readonly ignoresQuotes?: true }) =>
    certain(text, lexShell(text, { ...options, lookup }));
  const paths: string[] = [];
  for (const { word, isHeredoc } of sources) {
    if (isHeredoc) continue;
    const path = expand(word.logical.text, { escape: build.file.escape });
    if (typeof path !== "string") return path;
    // A backslash that isn't the escape character separates the parts of a path.
    paths.push(build.file.escape === "`" ? path.replaceAll("\\", "/") : path);
  }
  const heredocs: { readonly name: string; readonly content: string }[] = [];
  for (const heredoc of instruction.heredocs) {
    const written = writtenIn(build.file.text, heredoc);
    // Whatever the file's escape character is, heredocs use the backslash.
    const content = heredoc.isExpanded ? expand(written, { escape: "\\", ignoresQuotes: true }) : written;
    if (typeof content !== "string") return content;
    heredocs.push({ name: heredoc.name, content });
  }
  return { paths, heredocs, assumedUnset: [...assumed] };
}

function certain(
  text: string,
  { result, unknown, failure }: { result: string; unknown: readonly string[]; failure?: { message: string } },
): string | Unknown {
  if (failure) return { unknown: `${text.trim()} can't be read: ${failure.message}` };
  if (unknown.length === 0) return result;
  const what = text.includes("\n") ? "the heredoc" : text;
  return { unknown: `${what} depends on ${unknown.join(", ")}, which has no value here` };
}

/**
 * The value of a variable. Every base image sets PATH; its other variables are unknown unless its config is available.
 */
function lookupOf(build: Build, instruction: Instruction, assumed: Set<string>): Lookup {
  const scopes = build.scopesWithBases();
  const lookup = scopes.lookup(instruction);
  return (name) => {
    const found = lookup(name);
    if (!found || found.value !== undefined || name === "PATH" || scopes.variable(instruction, name)) return found;
    assumed.add(name);
    return undefined;
  };
}

function writtenIn(text: string, { body, stripsTabs }: Heredoc): string {
  const written = text.slice(body.start, body.end);
  return stripsTabs ? written.replace(/^\t+/gm, "") : written;
}
