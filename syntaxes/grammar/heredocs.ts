import { endOfInstruction } from "./dialect.ts";
import {
  before,
  furtherMark,
  hasMarks,
  mark,
  type MarkOptions,
  markScopes,
  maxHeredocs,
  notTerminator,
  terminator,
} from "./heredocMarks.ts";
import { embeddedScope, type Language, languages } from "./languages.ts";
import { firstStatement } from "./firstStatement.ts";
import { groups, type Repository, type Rule, rule, scope } from "./rule.ts";

type Reader = "run" | "copy";

const readers = {
  run: { keyword: "RUN", arguments: [rule("flag-backslash"), rule("heredoc-command")] },
  copy: { keyword: "COPY|ADD", arguments: [rule("flag-backslash"), rule("word-backslash")] },
} as const;

/**
 * Returns the rules for instructions with heredocs, from the line that has the first mark to the last terminator.
 *
 * The whole line is one match, which leaves nothing in it open. Each body is a `while` rule that ends at its terminator
 * whatever is open inside. Several bodies nest: the last one's rule is outermost and opened first, without consuming
 * anything; once an inner rule has ended, the rest is the outer one's body.
 */
export function heredocRules(): Repository {
  return { ...contents(), ...reader("run"), ...reader("copy") };
}

function reader(kind: Reader): Repository {
  const opening = String.raw`[ \t]*(?:(?i:ONBUILD)[ \t]+)?(?i:${readers[kind].keyword})[ \t]`;
  const counts = Array.from({ length: maxHeredocs }, (_, index) => maxHeredocs - index);
  return {
    [`heredoc-${kind}-instruction`]: {
      patterns: counts.map((count) => ({
        ...marked(kind, count, `(?=${opening})`),
        name: scope(`meta.instruction.${kind} meta.heredocs`),
      })),
    },
    [`heredoc-${kind}`]: { patterns: counts.map((count) => marked(kind, count, "")) },
    [`heredoc-${kind}-rest`]: { patterns: [furtherMark, argumentsBetween(kind)] },
    [`heredoc-${kind}-continued`]: continuedHead(readers[kind].arguments),
    ...Object.fromEntries(counts.map((count) => [`heredoc-${kind}-${String(count)}`, bodies(kind, count)])),
  };
}

/** Heredocs of one line and their bodies, outermost first. */
function marked(kind: Reader, count: number, opening: string): Rule {
  return {
    name: scope("meta.heredocs"),
    begin: `^${opening}${hasMarks(count)}`,
    end: endOfInstruction,
    patterns: [rule(`heredoc-${kind}-${String(count)}`), terminator],
  };
}

function bodies(kind: Reader, count: number): Rule {
  const quotes = count === 1 && kind === "copy" ? (["unquoted", "quoted"] as const) : (["either"] as const);
  const known = quotes.flatMap((quote) =>
    (count === maxHeredocs ? [] : languages).flatMap((language) =>
      conditions(kind, language, count).map(({ condition, ...options }) =>
        body({ kind, count, condition, content: language.id, mark: { quotes: quote, ...options } }),
      ),
    ),
  );
  const script = kind === "run" && count === 1 ? [shellScript()] : [];
  const text = (["unquoted", "quoted"] as const).map((quote) =>
    body({ kind, count, condition: "", content: "text", mark: { quotes: quote } }),
  );
  return { patterns: [...known, ...script, ...text] };
}

interface Body {
  readonly kind: Reader;
  /** The index of the heredoc on the line. */
  readonly count: number;
  /** A lookahead at the start of the line. */
  readonly condition: string;
  readonly content: string;
  readonly mark: MarkOptions;
}

/** The rule for a body. The first heredoc consumes its line; the rule of a later one only looks ahead for its name. */
function body({ kind, count, condition, content, mark: options }: Body): Rule {
  const isExpanded = options.quotes === "unquoted" && (kind === "copy" || content === "text");
  const contentName = scope(isExpanded ? "meta.heredoc.expanded" : "meta.heredoc.literal");
  const bodyContent = rule(`heredoc-content-${content}`);
  if (count > 1)
    return {
      begin: `^(?=${condition}${before(count - 1)}${mark(1, options)})`,
      while: notTerminator(1),
      patterns: [
        firstOf(kind, count - 1),
        { contentName, begin: "^", while: "^", patterns: [rule("heredoc-shebang"), bodyContent] },
      ],
    };
  const head = readers[kind].arguments;
  return {
    contentName,
    begin: String.raw`^${condition}([ \t]*(?:(?i:ONBUILD)[ \t]+)?(?i:${readers[kind].keyword})(?=[ \t]))?(${before(0)})${mark(3, options)}([^\n]*?)(?=[\\${"`"}]?[ \t]*$)`,
    beginCaptures: groups([rule("heredoc-keyword")], head, ...markScopes, [rule(`heredoc-${kind}-rest`)]),
    while: notTerminator(3),
    patterns: [rule(`heredoc-${kind}-continued`), rule("heredoc-shebang"), bodyContent],
  };
}

/** The text after a mark, up to the next one. */
function argumentsBetween(kind: Reader): Rule {
  return {
    match: String.raw`[^\s<](?:[^<\d\n]|\d(?!\d*<<))*`,
    captures: { 0: { patterns: readers[kind].arguments } },
  };
}

/** The heredocs before one, on the line that contains all of them. */
function firstOf(kind: Reader, count: number): Rule {
  return {
    begin: String.raw`^\G${hasMarks(count + 1)}`,
    end: endOfInstruction,
    patterns: [rule(`heredoc-${kind}-${String(count)}`), terminator],
  };
}

/** The instruction may continue after a line that ends with the escape character; bodies follow its last line. */
function continuedHead(head: readonly Rule[]): Rule {
  return {
    begin: String.raw`[\\${"`"}][ \t]*\n`,
    beginCaptures: { 0: { name: scope("constant.character.escape.line-continuation") } },
    end: endOfInstruction,
    patterns: [{ match: String.raw`[\\${"`"}][ \t]*\n` }, rule("comment"), ...head],
  };
}

const flags = String.raw`(?:--[a-z]\S*[ \t]+)*`;

/** `RUN <<EOF` without a program: the shell's script. */
function shellScript(): Rule {
  return body({
    kind: "run",
    count: 1,
    condition: String.raw`(?=[ \t]*(?:(?:(?i:ONBUILD)[ \t]+)?(?i:RUN)[ \t]+)?${flags}<<-?[ \t]*["']?[\w.-]+["']?[ \t]*[\\${"`"}]?[ \t]*$)`,
    content: "script",
    mark: { quotes: "either" },
  });
}

interface Condition extends Omit<MarkOptions, "quotes"> {
  readonly condition: string;
}

/** The signs of a language in the heredoc after `count - 1` others. */
function conditions(kind: Reader, language: Language, count: number): readonly Condition[] {
  const { extensions } = language;
  const fileName = String.raw`[A-Za-z_][\w.-]*\.(?:${extensions})`;
  const intoFile = (start: string): string =>
    String.raw`(?=[^\n]*${start}["']?[^\s"']*\.(?:${extensions})["']?[ \t]*$)`;
  if (kind === "copy")
    return count === 1 ? [{ condition: intoFile(String.raw`\s`) }, named(fileName)] : [named(fileName)];
  const written = { condition: intoFile(String.raw`(?:>[ \t]*|\btee[ \t]+(?:-a[ \t]+)?)`) };
  return language.programs === undefined
    ? [written]
    : [{ condition: runs(language.programs, count), isStandardInput: true }, written];
}

function named(name: string): Condition {
  return { condition: "", name };
}

/**
 * A program that reads the heredoc: in the command before the mark or right after it; for a later heredoc, in the last
 * command of the line.
 */
function runs(programs: string, count: number): string {
  const start = String.raw`(?:[;&|(][ \t]*|^[ \t]*|(?i:RUN)[ \t]+|--[a-z]\S*[ \t]+)`;
  const program = String.raw`(?:(?:exec|sudo|env)[ \t]+)?(?:/[\w./-]*/)?(?:${programs})(?=[\s<])`;
  const after = String.raw`<<-?[ \t]*["']?[\w.-]+["']?[ \t]+${program}`;
  if (count > 1) return String.raw`(?=[^\n]*?(?:${start}${program}[^;&|\n]*$|${after}[^;&|\n]*$))`;
  return String.raw`(?=[^<\n]*?(?:${start}${program}[^;&|<\n]*<<|${after}))`;
}

/** The contents of bodies. A `#!` line decides only if it is the first: later ones belong to the content. */
function contents(): Repository {
  const embedded = languages.map((language) => [`heredoc-content-${language.id}`, content(language)]);
  const shebangs = languages.flatMap((language) =>
    language.programs === undefined
      ? []
      : [{ ...content(language), begin: String.raw`^(?=\t*#![^\n]*[/ \t](?:${language.programs})(?=\s))` }],
  );
  const [shell] = languages;
  return {
    ...Object.fromEntries(embedded),
    ...(shell ? { "heredoc-content-script": content(shell) } : {}),
    "heredoc-content-text": { name: scope("string.unquoted.heredoc"), begin: bodyStart, while: "^" },
    "heredoc-shebang": { patterns: shebangs },
    "heredoc-command": {
      begin: String.raw`(?=\S)`,
      end: String.raw`$|(?=\n)`,
      patterns: [firstStatement, { include: "source.shell" }],
    },
    "heredoc-keyword": {
      match: String.raw`(?:(?i:(ONBUILD))[ \t]+)?(\w+)`,
      captures: groups("keyword.control", "keyword.other.special-method"),
    },
  };
}

/** Not only `^`: an expanded variable may come first. */
const bodyStart = String.raw`^|(?=\S)`;

function content(language: Language): Rule {
  return {
    contentName: scope(embeddedScope(language)),
    begin: bodyStart,
    while: "^",
    patterns: [{ include: language.grammar }],
  };
}
