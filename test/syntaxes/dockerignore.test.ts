import { suite, test } from "node:test";
import { checkScopes } from "../support/grammar/checkScopes.ts";
import { openTokeniser } from "../support/grammar/tokenise.ts";

const tokeniser = await openTokeniser("source.dockerignore");

const claims: Readonly<Record<string, string>> = {
  "a comment has its # in the first column": `# a
^^^ comment.line.number-sign
 # b
 ^^^ !comment`,
  "globs, negation and folders are read": String.raw`**/*.log
^^ keyword.operator.glob.double-star
   ^ keyword.operator.glob
    ^^^^ string.unquoted.path
!keep/?.[a-z]/
^ keyword.operator.negation
      ^ keyword.operator.glob
        ^^^^^ constant.other.character-class
          ^ keyword.operator.range
             ^ punctuation.terminator.folder
a\*b
 ^^ constant.character.escape`,
  "a bracket that isn't closed ends with its line": `[a
b
^ string.unquoted.path
^ !constant.other.character-class`,
  "comments that silence rules are read": `# imagewright file ignore=empty-glob,needless-context
              ^^^^ keyword.other.pragma
                          ^^^^^^^^^^ variable.other.rule
                          ^^^^^^^^^^ comment.line.number-sign`,
};

suite("the grammar of .dockerignore has the marked scopes", () => {
  for (const [claim, marked] of Object.entries(claims)) test(claim, () => checkScopes(tokeniser, marked));
});
