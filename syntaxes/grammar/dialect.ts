import { instructionTable } from "../../dockerfile/syntax/instructions.ts";

/** The state that the rest of a file depends on: its escape character and the shell that reads its commands. */
export interface Dialect {
  readonly escape: EscapeName;
  readonly shell: ShellName;
}

export type EscapeName = "backslash" | "backtick";
export type ShellName = "sh" | "powershell" | "cmd";

/** The escape characters as written in a regular expression. */
export const escapes: Readonly<Record<EscapeName, string>> = { backslash: String.raw`\\`, backtick: "`" };

/** The grammars of the shells, by their names in VS Code. */
export const shellGrammars: Readonly<Record<ShellName, string>> = {
  sh: "source.shell",
  powershell: "source.powershell",
  cmd: "source.batchfile",
};

export const escapeNames: readonly EscapeName[] = ["backslash", "backtick"];
export const shellNames: readonly ShellName[] = ["sh", "powershell", "cmd"];

/** Alternatives of every instruction's keyword, upper case. */
export const keywords: string = [...instructionTable.keys()].join("|");

/**
 * The end of an instruction: a line end that wasn't consumed by a continuation. Blank and comment lines between
 * continued lines are consumed entirely, so only a line with content can end here.
 */
export const endOfInstruction = String.raw`(?!^)(?=\n)`;

/** The text before an instruction's keyword. Two groups: ONBUILD, and the given keyword. */
export function opening(keyword: string): string {
  return String.raw`^[ \t]*(?:(?i:(ONBUILD))[ \t]+)?(?i:(${keyword}))(?=[ \t\n])`;
}

/** Scopes of the groups of `opening`, those of VS Code's own grammar. */
export const openingScopes = ["keyword.control", "keyword.other.special-method"] as const;
