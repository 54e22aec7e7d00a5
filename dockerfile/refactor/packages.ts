import type { Change } from "../edit/change.ts";
import { newlineOf } from "../edit/edits.ts";
import { packageCallOf } from "../semantics/packages/calls.ts";
import { baseName } from "../shell/inEffect.ts";
import type { ShellCommand, ShellWord } from "../shell/shell.ts";
import type { Dockerfile } from "../syntax/syntax.ts";
import { continuedIndent } from "./layout.ts";
import type { Refactor } from "./refactoring.ts";

/** Sorts the packages of the install command at the cursor, one on each line. */
export const sortPackages: Refactor = ({ build, instruction, range }) => {
  const { file } = build;
  const script = build.shell.script(instruction, file);
  if (!script || script.hasErrors || file.escape !== "\\") return [];
  const command = script.commands.findLast(({ span }) => span.start <= range.start && range.start <= span.end);
  const operands = command && isInstall(command) ? (packageCallOf(command)?.operands ?? []) : [];
  const indent = script.form === "heredoc" ? "    " : continuedIndent(file, instruction);
  const change = sorted(file, operands, indent);
  return change
    ? [{ title: `Sort ${operands.length} packages, one on each line`, kind: "rewrite", changes: [change] }]
    : [];
};

/** The programs whose packages may be named in any order, with the actions that install them. */
const installers: ReadonlyMap<string, RegExp> = new Map([
  ["apt", /^install$/],
  ["apt-get", /^install$/],
  ["aptitude", /^install$/],
  ["apk", /^add$/],
  ["dnf", /^install$/],
  ["microdnf", /^install$/],
  ["tdnf", /^install$/],
  ["yum", /^install$/],
  ["zypper", /^(?:in|install)$/],
]);

function isInstall(command: ShellCommand): boolean {
  const call = packageCallOf(command);
  return call !== undefined && (installers.get(baseName(command.name ?? ""))?.test(call.action) ?? false);
}

/** Undefined if the packages are sorted already, if one is a variable, or if anything but blanks is between them. */
function sorted(file: Dockerfile, operands: readonly ShellWord[], indent: string): Change | undefined {
  const [first] = operands;
  const last = operands.at(-1);
  if (!first || !last || operands.length < 2 || !operands.every(({ isLiteral }) => isLiteral)) return undefined;
  const gaps = operands.slice(1).map(({ span }, index) => file.text.slice(operands[index]?.span.end, span.start));
  if (!gaps.every((gap) => /^(?:[ \t]|\\[ \t]*\r?\n)+$/.test(gap))) return undefined;
  const before = /(?:[ \t]|\\[ \t]*\r?\n)*$/.exec(file.text.slice(0, first.span.start))?.[0].length ?? 0;
  const after = /^[ \t]*(?=&&|\|\|)/.exec(file.text.slice(last.span.end))?.[0].length;
  const lineBreak = ` \\${newlineOf(file)}${indent}`;
  const words = operands.map(({ span }) => file.text.slice(span.start, span.end)).sort(byCodeUnits);
  const text = `${lineBreak}${words.join(lineBreak)}${after === undefined ? "" : lineBreak}`;
  const span = { start: first.span.start - before, end: last.span.end + (after ?? 0) };
  return file.text.slice(span.start, span.end) === text ? undefined : { span, text };
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
