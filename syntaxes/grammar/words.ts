import { type EscapeName, endOfInstruction, escapes } from "./dialect.ts";
import { type Repository, type Rule, groups, rule, scope } from "./rule.ts";

/** The parts of arguments: continued lines, quotes, escapes, variables, image references, JSON arrays. */
export function wordRules(escape: EscapeName): Repository {
  return {
    [`lines-${escape}`]: { patterns: [continuation(escape), rule("comment"), blankLine] },
    [`quoted-${escape}`]: { patterns: [doubleQuoted(escape), singleQuoted(escape)] },
    [`escaped-${escape}`]: { name: scope("constant.character.escape"), match: `${escapes[escape]}.` },
    [`variable-${escape}`]: { patterns: variables(escape) },
    [`word-${escape}`]: { patterns: word(escape, "string.unquoted") },
    [`image-${escape}`]: image(escape),
    [`stage-or-image-${escape}`]: { patterns: stageOrImage(escape) },
    [`json-${escape}`]: json(escape, []),
    [`json-expanded-${escape}`]: json(escape, [rule(`variable-${escape}`)]),
  };
}

/** A word of a given scope with its quotes, escapes and variables. */
export function word(escape: EscapeName, name: string): readonly Rule[] {
  return [
    rule(`lines-${escape}`),
    rule(`quoted-${escape}`),
    rule(`variable-${escape}`),
    rule(`escaped-${escape}`),
    { name: scope(name), match: String.raw`[^\s"'$${escapes[escape]}]+` },
  ];
}

/** An escape character at the end of a line joins the next one; two of them don't. */
function continuation(escape: EscapeName): Rule {
  const written = escapes[escape];
  return {
    match: String.raw`(?<!${written})(${written})[ \t]*\n`,
    captures: groups("constant.character.escape.line-continuation"),
  };
}

const blankLine: Rule = { match: String.raw`^[ \t]*\n` };

function doubleQuoted(escape: EscapeName): Rule {
  return {
    name: scope("string.quoted.double"),
    begin: '"',
    end: `"|${endOfInstruction}`,
    beginCaptures: { 0: { name: scope("punctuation.definition.string.begin") } },
    endCaptures: { 0: { name: scope("punctuation.definition.string.end") } },
    patterns: [rule(`lines-${escape}`), rule(`escaped-${escape}`), rule(`variable-${escape}`)],
  };
}

function singleQuoted(escape: EscapeName): Rule {
  return {
    name: scope("string.quoted.single"),
    begin: "'",
    end: `'|${endOfInstruction}`,
    beginCaptures: { 0: { name: scope("punctuation.definition.string.begin") } },
    endCaptures: { 0: { name: scope("punctuation.definition.string.end") } },
    patterns: [rule(`lines-${escape}`)],
  };
}

/** `$NAME`, `${NAME}` and the modifiers of BuildKit: defaults, prefixes and suffixes cut off, replacement. */
function variables(escape: EscapeName): readonly Rule[] {
  const modified: Rule = {
    begin: String.raw`(:?[-+?=]|##?|%%?|//?)`,
    beginCaptures: groups("keyword.operator.expansion"),
    end: String.raw`(?=\})|${endOfInstruction}`,
    patterns: [
      { name: scope("keyword.operator.expansion"), match: "/" },
      { name: scope("keyword.operator.glob"), match: String.raw`[*?]` },
      ...variableWord(escape),
    ],
  };
  return [
    {
      match: String.raw`(\$)([A-Za-z_]\w*|\d)`,
      captures: groups("punctuation.definition.variable", "variable.other.readwrite"),
    },
    {
      name: scope("meta.variable"),
      begin: String.raw`(\$\{)(\w+)`,
      beginCaptures: groups("punctuation.definition.variable.begin", "variable.other.readwrite"),
      end: String.raw`(\})|${endOfInstruction}`,
      endCaptures: groups("punctuation.definition.variable.end"),
      patterns: [modified, rule(`lines-${escape}`)],
    },
  ];
}

function variableWord(escape: EscapeName): readonly Rule[] {
  return [
    rule(`lines-${escape}`),
    rule(`quoted-${escape}`),
    rule(`variable-${escape}`),
    rule(`escaped-${escape}`),
    { name: scope("string.unquoted"), match: String.raw`[^"'$}/*?\n${escapes[escape]}]+` },
  ];
}

/**
 * `registry:port/repository:tag@algorithm:digest`; the first part is a registry if it has a dot or a port, or is
 * localhost.
 */
function image(escape: EscapeName): Rule {
  const stop = String.raw`\s,"'`;
  const tag: Rule = {
    begin: ":",
    beginCaptures: { 0: { name: scope("punctuation.separator.tag") } },
    end: `(?=[${stop}/@${escapes[escape]}])`,
    patterns: [
      rule(`variable-${escape}`),
      { name: scope("constant.numeric.tag"), match: String.raw`[^${stop}/@$${escapes[escape]}]+` },
    ],
  };
  return {
    name: scope("meta.image"),
    begin: String.raw`(?=[\w.$\[])`,
    end: `(?=[${stop}${escapes[escape]}])|$`,
    patterns: [
      rule(`variable-${escape}`),
      {
        name: scope("entity.name.namespace.registry"),
        match: String.raw`\G(?:localhost|[\w-]+(?:\.[\w-]+)+|[\w-]+(?=:\d+/))(?=(?::\d+)?/)`,
      },
      { match: String.raw`(:)(\d+)(?=/)`, captures: groups("punctuation.separator.port", "constant.numeric.port") },
      {
        match: String.raw`(@)([A-Za-z][\w+.-]*)(:)([0-9A-Fa-f]*)`,
        captures: groups(
          "punctuation.separator.digest",
          "support.type.digest-algorithm",
          "punctuation.separator.digest",
          "constant.numeric.hex.digest",
        ),
      },
      tag,
      { name: scope("punctuation.separator.path"), match: "/" },
      { name: scope("entity.name.type.image"), match: String.raw`[^${stop}/:@$${escapes[escape]}]+` },
    ],
  };
}

/** The value of `--from`: the number or the name of a stage, or an image. */
function stageOrImage(escape: EscapeName): readonly Rule[] {
  return [
    { name: scope("constant.numeric.stage"), match: String.raw`(?<==)\d+(?=[\s,])` },
    { name: scope("entity.name.function.stage"), match: String.raw`(?<==)[A-Za-z][\w-]*(?=[\s,])` },
    rule(`image-${escape}`),
  ];
}

/** An array of strings. Text that only begins like one, such as `[ -f x ]`, is left to the shell. */
function json(escape: EscapeName, inString: readonly Rule[]): Rule {
  const goesOn = String.raw`${escapes[escape]}[ \t]*\n`;
  const string = String.raw`"(?:[^"\\\n]|\\.)*+"[ \t]*(?:,|\][ \t]*$|${goesOn})`;
  return {
    name: scope("meta.json"),
    begin: String.raw`\[(?=[ \t]*(?:\][ \t]*$|${goesOn}|${string}))`,
    beginCaptures: { 0: { name: scope("punctuation.definition.array.begin") } },
    end: String.raw`(\])|${endOfInstruction}`,
    endCaptures: groups("punctuation.definition.array.end"),
    patterns: [
      rule(`lines-${escape}`),
      { name: scope("punctuation.separator.array"), match: "," },
      {
        name: scope("string.quoted.double"),
        begin: '"',
        end: `"|${endOfInstruction}`,
        beginCaptures: { 0: { name: scope("punctuation.definition.string.begin") } },
        endCaptures: { 0: { name: scope("punctuation.definition.string.end") } },
        patterns: [
          rule(`lines-${escape}`),
          { name: scope("constant.character.escape"), match: String.raw`\\(?:u[0-9A-Fa-f]{4}|["\\/bfnrt])` },
          ...inString,
        ],
      },
    ],
  };
}
