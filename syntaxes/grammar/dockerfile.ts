import { comments } from "./comments.ts";
import { type Dialect, escapeNames, shellNames } from "./dialect.ts";
import { directives } from "./directives.ts";
import { flagRules } from "./flags.ts";
import { expandedVariables } from "./heredocMarks.ts";
import { heredocRules } from "./heredocs.ts";
import { instructionRules, nameOf, plainKeywords } from "./instructions.ts";
import { type Grammar, type Repository, type Rule, rule, scope } from "./rule.ts";
import { joinedLines, shellRules, shellStates } from "./shells.ts";
import { wordRules } from "./words.ts";

const main = "source.dockerfile.imagewright";
const generated = "Generated from syntaxes/grammar: npm run generate";

/** Whole instructions, which replace VS Code's own rules, except inside one of ours. */
export const dockerfileInjection: Grammar = {
  comment: generated,
  name: "Dockerfile (Imagewright)",
  scopeName: main,
  injectionSelector: `L:source.dockerfile ${["step", "instruction", "file", "directives"].map((name) => `- meta.${name}`).join(" ")}`,
  patterns: [rule("directives"), rule("file-backslash-sh")],
  repository: repository(),
};

/** Continued lines and heredocs at any depth of a shell's own rules, for each escape character. */
export const joinedLinesInjections: readonly Grammar[] = escapeNames.map((escape) => ({
  comment: generated,
  name: `Dockerfile lines continued by a ${escape} (Imagewright)`,
  scopeName: `${main}.${escape}`,
  injectionSelector: `L:meta.shell.${escape} - meta.heredocs`,
  patterns: joinedLines(escape, main),
  repository: {},
}));

/**
 * The first of the blanks before an argument on a continued line. The guard's `while` moves `\G` to the start of each
 * line, where VS Code's shell grammar would expect a command name; the other blanks begin the argument.
 */
export const argumentsInjection: Grammar = {
  comment: generated,
  name: "Arguments on continued lines (Imagewright)",
  scopeName: `${main}.arguments`,
  injectionSelector: "L:meta.shell meta.statement.command.shell - meta.heredocs",
  patterns: [{ match: String.raw`^[ \t](?=[ \t])` }],
  repository: {},
};

/** Variables in expanded heredocs of any language. */
export const expandedInjection: Grammar = {
  comment: generated,
  name: "Dockerfile variables in heredocs (Imagewright)",
  scopeName: `${main}.expanded`,
  injectionSelector: "L:meta.heredoc.expanded",
  patterns: expandedVariables,
  repository: {
    modifier: {
      patterns: [
        { name: scope("keyword.operator.expansion"), match: "[:+?=#%/-]+" },
        { name: scope("string.unquoted"), match: "[^:+?=#%/-]+" },
      ],
    },
  },
};

function repository(): Repository {
  const escapeRules = escapeNames.map((escape) => ({
    ...wordRules(escape),
    ...flagRules(escape),
    ...instructionRules(escape),
    ...shellStates(escape),
  }));
  const dialects = escapeNames.flatMap((escape) => shellNames.map((shell): Dialect => ({ escape, shell })));
  const files = dialects.map(({ escape, shell }) => [`file-${escape}-${shell}`, file({ escape, shell })] as const);
  return Object.assign(
    {},
    comments,
    directives,
    heredocRules(),
    ...escapeRules,
    ...dialects.map(shellRules),
    Object.fromEntries(files),
  ) as Repository;
}

/** The lines of a file whose escape character and shell are known. */
function file({ escape, shell }: Dialect): Rule {
  return {
    patterns: [
      rule("comment"),
      rule("heredoc-run-instruction"),
      rule("heredoc-copy-instruction"),
      rule(`shell-state-${escape}`),
      rule(`guarded-${escape}-${shell}`),
      ...plainKeywords.map((keyword) => rule(nameOf(keyword, escape))),
      rule(`unknown-${escape}`),
    ],
  };
}
