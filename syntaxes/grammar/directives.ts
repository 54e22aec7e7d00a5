import { knownDirectives } from "../../dockerfile/syntax/directives.ts";
import { type Repository, type Rule, groups, rule, scope } from "./rule.ts";

const line = String.raw`[ \t]*#[ \t]*(?i:${[...knownDirectives].join("|")})[ \t]*=`;
const backtick = String.raw`[ \t]*#[ \t]*(?i:escape)[ \t]*=[ \t]*${"`"}[ \t]*$`;

/**
 * Parser directives, only at the top of the file: `\A` matches its first line. `# escape=` with a backtick opens a
 * scope for the rest of the file, in which the rules for that character apply.
 */
export const directives: Repository = {
  directives: {
    patterns: [
      { name: scope("meta.directives"), begin: String.raw`\A(?=${line})`, end: `^(?!${line})`, patterns: known() },
      {
        comment: "After a #! line BuildKit still reads syntax and check.",
        contentName: scope("meta.directives"),
        begin: String.raw`\A(#!)([^\n]*)\n`,
        beginCaptures: groups("comment.line.shebang punctuation.definition.comment", "comment.line.shebang"),
        end: `^(?!${line})`,
        patterns: [rule("directive")],
      },
    ],
  },
  directive: {
    patterns: [
      directive("syntax", [rule("image-backslash")]),
      directive("escape", [{ name: scope("constant.character.escape"), match: String.raw`\S+` }]),
      directive("check", [rule("check-settings")]),
    ],
  },
};

function known(): readonly Rule[] {
  const afterBacktick: Rule = {
    name: scope("meta.directives"),
    begin: String.raw`\G(?=${line})`,
    end: `^(?!${line})`,
    patterns: [rule("directive")],
  };
  return [
    {
      name: scope("meta.file.backtick"),
      begin: `^(?=${backtick})`,
      end: "(?!)",
      patterns: [afterBacktick, rule("file-backtick-cmd")],
    },
    rule("directive"),
  ];
}

function directive(name: string, value: readonly Rule[]): Rule {
  return {
    match: String.raw`^[ \t]*(#)[ \t]*(?i:(${name}))[ \t]*(=)([^\n]*)`,
    captures: groups(
      "punctuation.definition.directive",
      "keyword.control.directive",
      "keyword.operator.assignment",
      value,
    ),
  };
}
