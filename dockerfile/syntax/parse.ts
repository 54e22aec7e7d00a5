import { grouped } from "../../oci/core/text.ts";
import { skipSpaces } from "./characters.ts";
import { checkFile } from "./check/file.ts";
import { directiveAt } from "./directives.ts";
import { commentAt, readInstructionLines, type InstructionLines } from "./instructionLines.ts";
import { heredocMarks, pushHeredocs, readHeredocs } from "./heredocs.ts";
import { readStatement, type Source, type Statement } from "./instruction.ts";
import { instructionKnowledge } from "./instructions.ts";
import { lineAt, type Line } from "./lines.ts";
import type {
  Comment,
  Directive,
  Dockerfile,
  Heredoc,
  Instruction,
  Span,
  Stage,
  SyntaxProblem,
  Token,
} from "./syntax.ts";
import { pushHead, pushToken } from "./tokens.ts";

// Some thousand times what people write, and a second's work: a larger file is of another kind, opened by mistake.
const maxReadLength = 2 * 1024 * 1024;

/**
 * Parses a Dockerfile as BuildKit does, but continues after each problem. Never throws; time and memory grow linearly
 * with the text. Text beyond two million characters is ignored.
 */
export function parse(text: string): Dockerfile {
  const draft = newDraft(text);
  let position = 0;
  if (text.startsWith("\uFEFF")) {
    pushToken(draft.tokens, "bom", 0, 1);
    position = 1;
  }
  for (let line = lineAt(text, position); line && position < maxReadLength; line = lineAt(text, position))
    position = readLine(draft, line);
  if (position < text.length) leaveAside(draft, position);
  return finish(draft);
}

function leaveAside({ text, tokens, problems }: Draft, position: number): void {
  const span = { start: position, end: text.length };
  pushToken(tokens, "unknown", span.start, span.end);
  problems.push({
    kind: "other",
    span,
    message: `Nothing after this point is checked: the file has ${grouped(text.length)} characters, and the limit is ${grouped(maxReadLength)}`,
  });
}

interface Draft {
  readonly text: string;
  readonly tokens: Token[];
  readonly directives: Directive[];
  readonly comments: Comment[];
  readonly instructions: Instruction[];
  readonly problems: SyntaxProblem[];
  escape: "\\" | "`";
  /** After a `#!` line BuildKit still looks for syntax and check, but not for escape. */
  block: "open" | "openBehindShebang" | "closed";
  leadingComments: Comment[];
  stageCount: number;
}

function newDraft(text: string): Draft {
  return {
    text,
    tokens: [],
    directives: [],
    comments: [],
    instructions: [],
    problems: [],
    escape: "\\",
    block: "open",
    leadingComments: [],
    stageCount: 0,
  };
}

/** Reads the content that begins on a line; returns the position to continue from. */
function readLine(draft: Draft, line: Line): number {
  const start = skipSpaces(draft.text, line.start, line.contentEnd);
  if (start < line.contentEnd && draft.text[start] !== "#") return readInstruction(draft, line);
  pushToken(draft.tokens, "whitespace", line.start, start);
  if (start === line.contentEnd) {
    draft.block = "closed";
    draft.leadingComments = [];
  } else if (!readDirective(draft, start, line)) {
    readComment(draft, start, line);
  }
  pushToken(draft.tokens, "newline", line.contentEnd, line.end);
  return line.end;
}

function readComment(draft: Draft, hash: number, line: Line): void {
  const comment = commentAt(draft.text, hash, line, "outside");
  draft.comments.push(comment);
  draft.leadingComments.push(comment);
  pushToken(draft.tokens, "comment", hash, line.contentEnd);
  const isShebang =
    line.end === lineAt(draft.text, 0)?.end &&
    draft.text.startsWith("#!", hash) &&
    hash === line.start + bomLength(draft.text, line);
  draft.block = isShebang ? "openBehindShebang" : "closed";
}

function bomLength(text: string, line: Line): number {
  return line.start === 0 && text.startsWith("\uFEFF") ? 1 : 0;
}

function readDirective(draft: Draft, hash: number, line: Line): boolean {
  if (draft.block === "closed") return false;
  const directive = directiveAt(draft.text, hash, line);
  if (!directive) return false;
  pushToken(draft.tokens, "directive", hash, line.contentEnd);
  const isRepeated = draft.directives.some(({ name }) => name === directive.name);
  draft.directives.push(directive);
  if (draft.block === "openBehindShebang") return true;
  if (isRepeated) {
    const message = `Only one ${directive.name} directive is allowed, and BuildKit stops at the second; remove it or merge the two`;
    draft.problems.push({ kind: "directive", span: directive.span, message });
  } else if (directive.name === "escape") {
    setEscape(draft, directive);
  }
  return true;
}

function setEscape(draft: Draft, directive: Directive): void {
  if (directive.value === "\\" || directive.value === "`") draft.escape = directive.value;
  else
    draft.problems.push({
      kind: "directive",
      span: directive.valueSpan,
      message: "The escape character can only be \\ or `; write one of them",
      suggestion: "`",
    });
}

function readInstruction(draft: Draft, line: Line): number {
  draft.block = "closed";
  const head = readInstructionLines(draft.text, line, draft.escape);
  for (const comment of head.comments) draft.comments.push(comment);
  const source: Source = { logical: head.logical, escape: draft.escape, problems: draft.problems };
  const statement = readStatement(source, { start: 0, end: head.logical.text.length }, "line");
  pushHead(draft.tokens, draft.text, head.segments, statement.marks);
  if (statement.keyword.value === "") {
    reportLoneEscape(draft, line);
    return head.end;
  }
  const marks = canHoldHeredocs(statement) ? heredocMarks(head.logical.text) : [];
  const { heredocs, end } = readHeredocs(draft.text, marks, head.logical, head.end);
  pushHeredocs(draft.tokens, draft.text, heredocs);
  addInstruction(draft, statement, head, heredocs);
  return end;
}

function reportLoneEscape(draft: Draft, line: Line): void {
  const span = { start: skipSpaces(draft.text, line.start, line.contentEnd), end: line.contentEnd };
  draft.problems.push({
    kind: "unknownInstruction",
    span,
    message: `Nothing follows the ${draft.escape} that continues this line, so BuildKit reads an instruction without a name; remove it`,
  });
}

/** True only for the shell and list forms of RUN, COPY and ADD, also inside ONBUILD. */
function canHoldHeredocs(statement: Statement): boolean {
  const inner = statement.keyword.value === "ONBUILD" ? (statement.trigger ?? statement) : statement;
  return (
    inner.keyword.value !== "ONBUILD" &&
    inner.form !== "json" &&
    (instructionKnowledge(inner.keyword.value)?.takesHeredocs ?? false)
  );
}

function addInstruction(
  draft: Draft,
  statement: Statement,
  head: InstructionLines,
  heredocs: readonly Heredoc[],
): void {
  if (statement.keyword.value === "FROM") draft.stageCount++;
  const last = heredocs.at(-1);
  const common = {
    index: draft.instructions.length,
    stageIndex: draft.stageCount - 1,
    leadingComments: draft.leadingComments,
    blankLines: head.blankLines,
    heredocs,
    end: last ? (last.end ?? last.body).end : head.contentEnd,
    headEnd: head.contentEnd,
  };
  draft.instructions.push(instructionOf(statement, common));
  draft.leadingComments = [];
}

interface Place extends Pick<Instruction, "index" | "stageIndex" | "leadingComments" | "blankLines" | "heredocs"> {
  readonly end: number;
  readonly headEnd: number;
}

/**
 * The instruction of a statement. A trigger shares the place of its instruction but has no comments and blank lines of
 * its own.
 */
function instructionOf(statement: Statement, place: Place): Instruction {
  const { keyword, flags, form, rest, restSpan, pairs, trigger } = statement;
  const { index, stageIndex, leadingComments, blankLines, heredocs } = place;
  const { start } = keyword.span;
  return {
    index,
    keyword,
    flags,
    form,
    arguments: statement.arguments,
    rest,
    restSpan,
    heredocs,
    pairs,
    ...(trigger ? { trigger: instructionOf(trigger, { ...place, leadingComments: [], blankLines: [] }) } : {}),
    leadingComments,
    blankLines,
    stageIndex,
    span: { start, end: place.end },
    headSpan: { start, end: place.headEnd },
  };
}

function finish(draft: Draft): Dockerfile {
  const { text, tokens, directives, escape, comments, instructions } = draft;
  const stages = stagesOf(instructions);
  const globals = instructions.filter(({ stageIndex }) => stageIndex === -1);
  const file: Dockerfile = { text, tokens, directives, escape, comments, instructions, globals, stages, problems: [] };
  return { ...file, problems: boundProblems([...draft.problems, ...checkFile(file)]) };
}

// Editors don't show more anyway, and a binary file would have one in each line.
const maxProblems = 1000;

function boundProblems(problems: SyntaxProblem[]): SyntaxProblem[] {
  problems.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  return problems.length > maxProblems ? problems.slice(0, maxProblems) : problems;
}

function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const stages: Stage[] = [];
  for (let index = 0; index < instructions.length; index++) {
    const from = instructions[index];
    if (from?.keyword.value !== "FROM") continue;
    let end = index + 1;
    while (end < instructions.length && instructions[end]?.keyword.value !== "FROM") end++;
    stages.push(stageOf(stages.length, from, instructions.slice(index + 1, end)));
    index = end - 1;
  }
  return stages;
}

function stageOf(index: number, from: Instruction, instructions: readonly Instruction[]): Stage {
  const [base, as, name] = from.arguments;
  const platform = from.flags.find((flag) => flag.name === "platform")?.value;
  const span: Span = { start: from.span.start, end: (instructions.at(-1) ?? from).span.end };
  return {
    index,
    from,
    instructions,
    span,
    ...(as?.value.toUpperCase() === "AS" && name ? { name } : {}),
    ...(base ? { base } : {}),
    ...(platform ? { platform } : {}),
  };
}
