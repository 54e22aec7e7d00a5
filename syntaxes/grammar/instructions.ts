import { endOfInstruction, type EscapeName, escapes, keywords, opening, openingScopes } from "./dialect.ts";
import { type Repository, type Rule, groups, rule, scope } from "./rule.ts";
import { word } from "./words.ts";

/** Instructions that aren't read by a shell. */
export const plainKeywords = [
  "FROM",
  "COPY|ADD",
  "ENV",
  "ARG",
  "LABEL",
  "EXPOSE",
  "STOPSIGNAL",
  "USER",
  "WORKDIR|VOLUME",
  "SHELL",
  "MAINTAINER",
] as const;

type PlainKeyword = (typeof plainKeywords)[number];

/** One rule for each of them, and one for lines that aren't instructions. */
export function instructionRules(escape: EscapeName): Repository {
  const argumentRules: Readonly<Record<PlainKeyword, readonly Rule[]>> = {
    FROM: from(escape),
    "COPY|ADD": [rule("heredoc-copy"), rule(`flag-${escape}`), rule(`json-expanded-${escape}`), url, ...path(escape)],
    ENV: [...pairs("variable.other.assignment"), ...value(escape)],
    ARG: [...pairs("variable.other.assignment"), declared, ...value(escape)],
    LABEL: [...pairs("entity.other.attribute-name.label"), ...value(escape)],
    EXPOSE: [...expose, ...word(escape, "string.unquoted")],
    STOPSIGNAL: [signal, number, ...word(escape, "string.unquoted")],
    USER: [number, colon, ...userWord(escape)],
    "WORKDIR|VOLUME": [rule(`json-expanded-${escape}`), ...path(escape)],
    SHELL: [rule(`json-${escape}`), ...word(escape, "string.unquoted")],
    MAINTAINER: word(escape, "string.unquoted"),
  };
  const named = plainKeywords.map((keyword) => [
    nameOf(keyword, escape),
    instruction(keyword, [rule(`lines-${escape}`), ...argumentRules[keyword]]),
  ]);
  return { ...Object.fromEntries(named), [`unknown-${escape}`]: unknown(escape) };
}

/** The name of an instruction's rule. */
export function nameOf(keyword: string, escape: EscapeName): string {
  return `${keyword.toLowerCase().replace("|", "-")}-${escape}`;
}

/** From the keyword, with ONBUILD before it, to the end of the last continued line. */
export function instruction(keyword: string, patterns: readonly Rule[]): Rule {
  return {
    name: scope(`meta.instruction.${keyword.toLowerCase().split("|")[0] ?? keyword}`),
    begin: opening(keyword),
    beginCaptures: groups(...openingScopes),
    end: endOfInstruction,
    patterns,
  };
}

const number: Rule = { name: scope("constant.numeric"), match: String.raw`(?<=[\s:=])\d+(?=[\s:])` };
const colon: Rule = { name: scope("punctuation.separator"), match: ":" };
const signal: Rule = { name: scope("constant.language.signal"), match: String.raw`\b(?i:SIG)?[A-Z]+[\dA-Z+-]*(?=\s)` };
const url: Rule = { name: scope("string.unquoted.url"), match: String.raw`(?<=\s)(?:https?|ssh|git)://[^\s$"'\\]+` };
const declared: Rule = {
  name: scope("variable.other.assignment"),
  match: String.raw`(?:(?<=\s)|^)[A-Za-z_]\w*(?=\s)`,
};

/** `key=` and, only at the start, the legacy `key value`. */
function pairs(name: string): readonly Rule[] {
  return [
    {
      match: String.raw`(?:(?<=\s)|^)("[^"\n]*"|'[^'\n]*'|[^\s="'$]+)(=)`,
      captures: groups(name, "keyword.operator.assignment"),
    },
    { match: String.raw`\G[ \t]+([A-Za-z_][\w.-]*)(?=[ \t])`, captures: groups(name) },
  ];
}

function value(escape: EscapeName): readonly Rule[] {
  return [
    { name: scope("constant.language.boolean"), match: String.raw`(?<==)(?:true|false)(?=\s)` },
    { name: scope("constant.numeric"), match: String.raw`(?<==)\d+(?:\.\d+)*(?=\s)` },
    ...word(escape, "string.unquoted"),
  ];
}

function path(escape: EscapeName): readonly Rule[] {
  return word(escape, "string.unquoted.path");
}

/** The colon between user and group isn't part of a name. */
function userWord(escape: EscapeName): readonly Rule[] {
  return [
    ...word(escape, "string.unquoted").slice(0, -1),
    { name: scope("string.unquoted.user"), match: String.raw`[^\s:"'$${escapes[escape]}]+` },
  ];
}

function from(escape: EscapeName): readonly Rule[] {
  const alias: Rule = {
    begin: String.raw`(?:(?<=\s)|^)(?i:(AS))(?=\s)`,
    beginCaptures: groups("keyword.other.special-method"),
    end: endOfInstruction,
    patterns: [
      rule(`lines-${escape}`),
      rule(`variable-${escape}`),
      { name: scope("entity.name.function.stage"), match: String.raw`[^\s$${escapes[escape]}]+` },
    ],
  };
  return [
    rule(`flag-${escape}`),
    alias,
    { name: scope("constant.language.scratch"), match: String.raw`(?:(?<=\s)|^)scratch(?=\s)` },
    rule(`quoted-${escape}`),
    rule(`image-${escape}`),
  ];
}

const expose: readonly Rule[] = [
  {
    match: String.raw`(?<=[\s"'])(\d+)(?:(-)(\d+))?(?:(/)(?i:(tcp|udp|sctp)))?(?=[\s"'])`,
    captures: groups(
      "constant.numeric.port",
      "keyword.operator.range",
      "constant.numeric.port",
      "punctuation.separator.protocol",
      "constant.language.protocol",
    ),
  },
  {
    match: String.raw`(/)(?i:(tcp|udp|sctp))(?=[\s"'])`,
    captures: groups("punctuation.separator.protocol", "constant.language.protocol"),
  },
];

/** A line that begins with anything else: its words are read to prevent quotes from extending into the next line. */
function unknown(escape: EscapeName): Rule {
  return {
    name: scope("meta.instruction.unknown"),
    begin: String.raw`^[ \t]*(?:(?i:(${keywords}))(?=[ \t\n])|(?=[^\s#]))`,
    beginCaptures: groups("keyword.other.special-method"),
    end: endOfInstruction,
    patterns: [
      rule(`lines-${escape}`),
      rule(`quoted-${escape}`),
      rule(`variable-${escape}`),
      rule(`escaped-${escape}`),
    ],
  };
}
