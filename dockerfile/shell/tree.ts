import type { Node, Parser } from "@vscode/tree-sitter-wasm";
import type { RawCommand, RawScript } from "./rawScript.ts";
import type { ShellCommand, ShellNesting } from "./shell.ts";
import { baseName, isPosixShell } from "./inEffect.ts";
import { present, rawWord, unquoted, type RawWord } from "./words.ts";
import { leaveUnread, outerIndex, rangeOf, wordOf, type Walk } from "./walk.ts";
import { wrappedCommandIndex } from "./wrappers.ts";

/** Parses shell text and flattens its tree into commands; frees the tree's memory before it returns. */
export function rawScript(parser: Parser, text: string): RawScript {
  const walk: Walk = {
    parser,
    commands: [],
    pipes: [],
    hasErrors: false,
    unread: undefined,
    parent: "",
    text: "",
    indices: undefined,
    scriptDepth: 0,
    joinedBy: "start",
    nesting: [],
  };
  read(walk, text, undefined, []);
  const { commands, pipes, hasErrors, unread } = walk;
  return { commands, pipes, hasErrors, unread };
}

// Real scripts nest a few levels; hostile ones must not exhaust the stack.
const maxTreeDepth = 200;
const maxScriptDepth = 4;
const maxWrappers = 20;

const nestingOf: ReadonlyMap<string, ShellNesting> = new Map<string, ShellNesting>([
  ["if_statement", "if"],
  ["for_statement", "loop"],
  ["c_style_for_statement", "loop"],
  ["while_statement", "loop"],
  ["case_statement", "case"],
  ["function_definition", "function"],
  ["subshell", "subshell"],
  ["compound_statement", "group"],
  ["command_substitution", "substitution"],
  ["process_substitution", "substitution"],
]);

const operators: ReadonlyMap<string, ShellCommand["joinedBy"]> = new Map<string, ShellCommand["joinedBy"]>([
  ["&&", "&&"],
  ["||", "||"],
  [";", ";"],
  [";;", "start"],
  ["|", "|"],
  ["|&", "|&"],
  ["&", "&"],
  ["\n", "newline"],
  ["then", "start"],
  ["else", "start"],
  ["do", "start"],
]);

function read(
  walk: Walk,
  text: string,
  indices: readonly number[] | undefined,
  nesting: readonly ShellNesting[],
): void {
  const outer = [walk.text, walk.indices, walk.joinedBy, walk.nesting] as const;
  [walk.text, walk.indices, walk.joinedBy, walk.nesting] = [text, indices, "start", nesting];
  walk.scriptDepth++;
  const tree = walk.parser.parse(text);
  if (tree) {
    try {
      walk.hasErrors ||= tree.rootNode.hasError;
      visit(walk, tree.rootNode, 0);
    } finally {
      tree.delete();
    }
  }
  walk.scriptDepth--;
  [walk.text, walk.indices, walk.joinedBy, walk.nesting] = outer;
}

function visit(walk: Walk, node: Node, depth: number): void {
  if (depth > maxTreeDepth) return leaveUnread(walk);
  const { type } = node;
  const nesting = nestingOf.get(type);
  const operator = node.isNamed ? undefined : operators.get(type);
  if (operator) passOperator(walk, node, operator);
  else if (type === "command") visitCommand(walk, node, depth);
  else if (type === "declaration_command" || type === "unset_command") visitDeclaration(walk, node, depth);
  else if (type === "test_command") visitTest(walk, node, depth);
  else if (leftNested.has(type)) visitLeftNested(walk, node, depth);
  else if (nesting) visitNested(walk, node, nesting, depth);
  else visitChildren(walk, node, depth);
}

function visitChildren(walk: Walk, node: Node, depth: number): void {
  if (node.childCount === 0) return;
  const { type } = node;
  for (const child of present(node.children)) {
    walk.parent = type;
    visit(walk, child, depth + 1);
  }
}

function passOperator(walk: Walk, node: Node, operator: ShellCommand["joinedBy"]): void {
  // A | between the patterns of a case or in arithmetic isn't a pipe.
  if (operator.startsWith("|") && operator !== "||" && walk.parent !== "pipeline") return;
  // A newline after an operator only breaks the line.
  if (operator !== "newline" || walk.joinedBy === "newline") walk.joinedBy = operator;
  if (operator === "|" || operator === "|&") walk.pipes.push(rangeOf(walk, node.startIndex, node.endIndex));
}

function visitNested(walk: Walk, node: Node, nesting: ShellNesting, depth: number): void {
  const outer = walk.nesting;
  walk.nesting = [...outer, nesting];
  walk.joinedBy = "start";
  visitChildren(walk, node, depth);
  walk.nesting = outer;
  walk.joinedBy = "newline";
}

function visitCommand(walk: Walk, node: Node, depth: number): void {
  const children = present(node.children);
  const name = children.find(({ type }) => type === "command_name");
  // The grammar inserts an empty command for a missing one.
  if (!name || name.endIndex === name.startIndex) return visitChildren(walk, node, depth);
  const words = children.filter((child) => child.startIndex > name.startIndex && isArgument(child));
  const command = emit(
    walk,
    node,
    name,
    words.map((word) => rawWord(word, walk.text)),
  );
  for (const child of children) if (redirections.has(child.type)) addRedirection(walk, child, command);
  for (const child of children) if (child.childCount > 0) visit(walk, child, depth + 1);
  addWrapped(walk, command);
  readInlineScript(walk, command);
  walk.joinedBy = "newline";
}

/** Visits `export A=b` and `unset A`, which have separate nodes in the grammar. */
function visitDeclaration(walk: Walk, node: Node, depth: number): void {
  const [name, ...words] = present(node.children);
  if (name)
    emit(
      walk,
      node,
      name,
      words.map((word) => rawWord(word, walk.text)),
    );
  for (const word of words) visitChildren(walk, word, depth + 1);
  walk.joinedBy = "newline";
}

function visitTest(walk: Walk, node: Node, depth: number): void {
  const [bracket] = present(node.children);
  if (bracket) emit(walk, node, bracket, []);
  visitChildren(walk, node, depth);
  walk.joinedBy = "newline";
}

function emit(walk: Walk, node: Node, name: Node, words: readonly RawWord[]): RawCommand {
  const program = rawWord(name, walk.text);
  const before = present(node.namedChildren).filter(
    (child) => child.type === "variable_assignment" && child.endIndex <= name.startIndex,
  );
  const command: RawCommand = {
    ...rangeOf(walk, node.startIndex, words.at(-1)?.end ?? name.endIndex),
    name: program.isLiteral || name.type === "[" || name.type === "[[" ? program.value : undefined,
    nameRange: rangeOf(walk, program.start, program.end),
    assignments: before.map((assignment) => assignmentOf(walk, assignment)),
    arguments: words.map((word) => wordOf(walk, word)),
    redirections: [],
    joinedBy: walk.joinedBy,
    nesting: walk.nesting,
  };
  walk.commands.push(command);
  return command;
}

function assignmentOf(walk: Walk, node: Node): RawCommand["assignments"][number] {
  const name = node.childForFieldName("name");
  const value = node.childForFieldName("value");
  return {
    ...rangeOf(walk, node.startIndex, node.endIndex),
    name: name ? walk.text.slice(name.startIndex, name.endIndex) : "",
    value: value ? wordOf(walk, rawWord(value, walk.text)) : undefined,
  };
}

const leftNested: ReadonlySet<string> = new Set(["list", "redirected_statement"]);

/**
 * Visits `a && b >c && d`, a list in a redirection in a list, nested as deep as it is long: from its innermost part
 * outwards, without a call for each. The grammar attaches a redirection to the whole list before it, the shell to the
 * last command.
 */
function visitLeftNested(walk: Walk, node: Node, depth: number): void {
  const firstCommand = walk.commands.length;
  const outwards: (readonly Node[])[] = [];
  let innermost: Node | undefined = node;
  while (innermost && leftNested.has(innermost.type)) {
    const [first, ...rest]: readonly Node[] = present(innermost.children);
    outwards.push(rest);
    innermost = first;
  }
  if (innermost) visit(walk, innermost, depth + 1);
  for (const rest of outwards.reverse())
    for (const child of rest) {
      const last = redirections.has(child.type) ? lastCommand(walk, firstCommand) : undefined;
      if (last) addRedirection(walk, child, last);
      walk.parent = "list";
      visit(walk, child, depth + 1);
    }
}

function lastCommand(walk: Walk, first: number): RawCommand | undefined {
  for (let index = walk.commands.length - 1; index >= first; index--)
    if (walk.commands[index]?.nesting.length === walk.nesting.length) return walk.commands[index];
  return undefined;
}

function addRedirection(walk: Walk, node: Node, command: RawCommand): void {
  const [operator] = present(node.children).filter(({ isNamed }) => !isNamed);
  const target =
    node.childForFieldName("destination") ?? (node.type === "herestring_redirect" ? node.lastNamedChild : null);
  command.redirections.push({
    ...rangeOf(walk, node.startIndex, target?.endIndex ?? operator?.endIndex ?? node.endIndex),
    operator: operator ? walk.text.slice(operator.startIndex, operator.endIndex) : "<<",
    target: target ? wordOf(walk, rawWord(target, walk.text)) : undefined,
  });
  const body = present(node.namedChildren).find(({ type }) => type === "heredoc_body");
  if (body && isShellReadingInput(command))
    readInner(walk, walk.text.slice(body.startIndex, body.endIndex), (index) => body.startIndex + index);
}

/** Adds the command that a wrapper runs, which may be a wrapper too: `sudo apt-get update`. */
function addWrapped(walk: Walk, outer: RawCommand): void {
  let command = outer;
  for (let depth = 0; ; depth++) {
    const index = wrappedCommandIndex(command.name, command.arguments);
    const program = index === undefined ? undefined : command.arguments[index];
    if (index === undefined || !program?.isLiteral) return;
    if (depth >= maxWrappers) return leaveUnread(walk);
    command = {
      ...command,
      start: program.start,
      name: program.value,
      nameRange: program,
      assignments: [],
      arguments: command.arguments.slice(index + 1),
      joinedBy: "start",
      nesting: [...command.nesting, "wrapper"],
    };
    walk.commands.push(command);
    readInlineScript(walk, command);
  }
}

/** Reads the script in `sh -c "…"`. */
function readInlineScript(walk: Walk, command: RawCommand): void {
  if (!command.name || !isPosixShell(command.name)) return;
  const flag = command.arguments.findIndex(({ value }) => /^-[a-z]*c$/.test(value));
  const body = command.arguments[flag + 1];
  // Words of a script in a script already have outermost indices, which no longer match its text.
  const inner = flag >= 0 && body && !walk.indices ? unquoted(body, walk.text) : undefined;
  if (inner) readInner(walk, inner.text, (index) => inner.indices[index] ?? body?.end ?? 0);
}

function readInner(walk: Walk, text: string, indexAt: (index: number) => number): void {
  if (walk.scriptDepth >= maxScriptDepth) return leaveUnread(walk);
  const indices = Array.from({ length: text.length + 1 }, (_, index) => outerIndex(walk, indexAt(index)));
  read(walk, text, indices, [...walk.nesting, "script"]);
}

const redirections = new Set(["file_redirect", "herestring_redirect", "heredoc_redirect"]);

function isArgument(node: Node): boolean {
  return node.isNamed && !redirections.has(node.type) && node.type !== "comment" && !node.isError;
}

/** True for `bash <<EOF` and `sh -ex -s <<EOF`: without a script file and -c. */
export function isShellReadingInput({
  name,
  arguments: args,
}: {
  readonly name?: string | undefined;
  readonly arguments: readonly { readonly value: string }[];
}): boolean {
  return (
    name !== undefined &&
    isPosixShell(baseName(name)) &&
    args.every(({ value }) => /^[-+]/.test(value) && !/^-[a-z]*c/.test(value))
  );
}
