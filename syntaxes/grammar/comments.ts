import { type GroupContent, groups, inComment, type Repository, type Rule, rule, scope } from "./rule.ts";

const hash = "punctuation.definition.comment";
const tool = "keyword.other.pragma";
const names = String.raw`[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*`;
const listed = inComment(rule("rule-names"));

/**
 * Comment lines, and the parts of them that tools read. They consume the newline, which lets an instruction continue
 * after them.
 */
export const comments: Repository = {
  comment: {
    patterns: [
      pragma(
        String.raw`(hadolint)[ \t]+(?:(global|stage)[ \t]+)?(ignore)[ \t]*(=)[ \t]*(${names})`,
        tool,
        tool,
        tool,
        "keyword.operator.assignment",
        listed,
      ),
      pragma(
        String.raw`(imagewright)[ \t]+(?:(file|stage)[ \t]+)?(ignore)[ \t]*(=)[ \t]*(${names})`,
        tool,
        tool,
        tool,
        "keyword.operator.assignment",
        listed,
      ),
      pragma(String.raw`(shellcheck)[ \t]+((?>[\w-]+=[^\s=]+(?:[ \t]+|$)){1,16})`, tool, [
        {
          match: String.raw`([\w-]+)(=)([^\s=]+)`,
          captures: groups(tool, "keyword.operator.assignment", listed),
        },
      ]),
      pragma(
        String.raw`(check)[ \t]*(=)([^\n]*)`,
        tool,
        "keyword.operator.assignment",
        inComment(rule("check-settings")),
      ),
      { match: String.raw`^[ \t]*((#)[^\n]*)\n?`, captures: groups("comment.line.number-sign", hash) },
    ],
  },
  "rule-names": {
    patterns: [
      { name: scope("variable.other.rule"), match: String.raw`[\w-]+` },
      { name: scope("punctuation.separator.list"), match: "," },
    ],
  },
  "check-settings": {
    patterns: [
      {
        match: String.raw`(?i:(skip|experimental))[ \t]*(=)[ \t]*([^;\n]*)`,
        captures: groups(tool, "keyword.operator.assignment", [rule("rule-names")]),
      },
      {
        match: String.raw`(?i:(error))[ \t]*(=)[ \t]*(?i:(true|false))?`,
        captures: groups(tool, "keyword.operator.assignment", "constant.language.boolean"),
      },
      { name: scope("punctuation.separator.list"), match: ";" },
    ],
  },
};

/** A comment whose text begins with `text`, in any case; anything after it is a reason. */
function pragma(text: string, ...contents: readonly GroupContent[]): Rule {
  return {
    match: String.raw`^[ \t]*((#)[ \t]*(?i:${text})[^\n]*)\n?`,
    captures: groups("comment.line.number-sign", hash, ...contents),
  };
}
