import type { Captures, Grammar, Rule } from "./rule.ts";

const scope = (name: string): string => `${name}.dockerignore`;
const captures = (...names: readonly string[]): Captures =>
  Object.fromEntries(names.map((name, index) => [String(index + 1), { name: scope(name) }]));

/** `.dockerignore` as BuildKit reads it: a comment has its `#` in the first column, a pattern may be indented. */
export const dockerignore: Grammar = {
  comment: "Generated from syntaxes/grammar: npm run generate",
  name: "Docker Ignore",
  scopeName: "source.dockerignore",
  patterns: [{ include: "#suppression" }, { include: "#comment" }, { include: "#pattern" }],
  repository: {
    suppression: {
      match: String.raw`^((#)[ \t]*(?i:(imagewright)[ \t]+(?:(file)[ \t]+)?(ignore)[ \t]*(=)[ \t]*([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*))[^\n]*)`,
      captures: {
        ...captures(
          "comment.line.number-sign",
          "punctuation.definition.comment",
          "keyword.other.pragma",
          "keyword.other.pragma",
          "keyword.other.pragma",
          "keyword.operator.assignment",
        ),
        7: {
          name: scope("comment.line.number-sign"),
          patterns: [
            { name: scope("variable.other.rule"), match: String.raw`[\w-]+` },
            { name: scope("punctuation.separator.list"), match: "," },
          ],
        },
      },
    },
    comment: {
      match: String.raw`^((#)[^\n]*)`,
      captures: captures("comment.line.number-sign", "punctuation.definition.comment"),
    },
    pattern: {
      name: scope("meta.pattern"),
      begin: String.raw`^[ \t]*(?:(!)[ \t]*)?(?=\S)`,
      beginCaptures: captures("keyword.operator.negation"),
      end: String.raw`(?=[ \t]*$)`,
      patterns: globs(),
    },
  },
};

function globs(): readonly Rule[] {
  return [
    { name: scope("constant.character.escape"), match: String.raw`\\.` },
    { name: scope("keyword.operator.glob.double-star"), match: String.raw`\*\*` },
    { name: scope("keyword.operator.glob"), match: "[*?]" },
    characterClass(),
    { name: scope("punctuation.terminator.folder"), match: String.raw`/(?=[ \t]*$)` },
    { name: scope("punctuation.separator.path"), match: "/" },
    { name: scope("string.unquoted.path"), match: String.raw`[^/*?\[\\\s]+` },
  ];
}

/** `[a-z]` and `[^abc]`; a bracket that isn't closed on its line is an error, and BuildKit rejects the file. */
function characterClass(): Rule {
  return {
    name: scope("constant.other.character-class"),
    match: String.raw`(\[)(\^)?((?:\\.|[^\]\\\n])+)(\])`,
    captures: {
      ...captures("punctuation.definition.character-class.begin", "keyword.operator.negation"),
      3: {
        patterns: [
          { name: scope("constant.character.escape"), match: String.raw`\\.` },
          { name: scope("keyword.operator.range"), match: "-" },
          { name: scope("constant.character"), match: "." },
        ],
      },
      4: { name: scope("punctuation.definition.character-class.end") },
    },
  };
}
