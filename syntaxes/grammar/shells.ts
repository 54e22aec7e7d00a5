import { type Dialect, endOfInstruction, type EscapeName, keywords, shellGrammars, shellNames } from "./dialect.ts";
import { firstStatement } from "./firstStatement.ts";
import { instruction, nameOf } from "./instructions.ts";
import { type Repository, type Rule, groups, rule, scope } from "./rule.ts";

/** Instructions whose shell form is read by a shell. */
export const shellKeywords = ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"] as const;

/** RUN, CMD, ENTRYPOINT and HEALTHCHECK, and the guard around them. */
export function shellRules(dialect: Dialect): Repository {
  const { escape } = dialect;
  const suffix = `${escape}-${dialect.shell}`;
  const command: readonly Rule[] = [rule(`json-${escape}`), rule(`shell-${suffix}`)];
  const lines = rule(`lines-${escape}`);
  return {
    [`shell-${suffix}`]: shell(dialect),
    [`commands-${suffix}`]: {
      patterns: [
        instruction("RUN", [lines, rule("heredoc-run"), rule(`flag-${escape}`), ...command]),
        instruction("CMD", [lines, ...command]),
        instruction("ENTRYPOINT", [lines, ...command]),
        instruction("HEALTHCHECK", [lines, rule(`flag-${escape}`), ...healthcheck, ...command]),
      ],
    },
    [`guarded-${suffix}`]: {
      patterns: [guarded(suffix, keywords), guarded(suffix, `(?i:${keywords})`)],
    },
  };
}

/** The rule for a SHELL instruction up to the next one or the next stage, for each shell recognized by its name. */
export function shellStates(escape: EscapeName): Repository {
  const programs = { powershell: "powershell|pwsh", cmd: "cmd", sh: "(?:ba|da|z|k|a)?sh" } as const;
  const states = shellNames.map((shellName): Rule => ({
    name: scope(`meta.file.${shellName}`),
    begin: String.raw`^(?=[ \t]*(?i:SHELL)[ \t]+\[[^\n]*["/\\](?i:${programs[shellName]})(?i:\.exe)?")`,
    end: String.raw`^(?!\G)(?=[ \t]*(?i:FROM|SHELL)[ \t])`,
    patterns: [rule(nameOf("SHELL", escape)), rule(`file-${escape}-${shellName}`)],
  }));
  return { [`shell-state-${escape}`]: { patterns: states } };
}

const healthcheck: readonly Rule[] = [
  { name: scope("constant.language.none"), match: String.raw`(?:(?<=\s)|^)(?i:NONE)(?=\s)` },
  { match: String.raw`(?:(?<=\s)|^)(?i:(CMD))(?=\s)`, captures: groups("keyword.other.special-method") },
];

/**
 * The text of a command, to the end of the instruction. The injections by escape character join its lines at any depth.
 */
function shell({ escape, shell: name }: Dialect): Rule {
  return {
    name: scope(`meta.shell.${escape}`),
    begin: String.raw`(?=\S)`,
    end: endOfInstruction,
    patterns: [rule(`lines-${escape}`), ...(name === "sh" ? [firstStatement] : []), { include: shellGrammars[name] }],
  };
}

/**
 * Guards a rule. A shell's grammar may keep a quote, a bracket or an `if` open past the end of the instruction. The
 * guard closes them at the next instruction with the same indentation and, for upper case keywords, the same case:
 * continued lines may well begin with `user` or `env`.
 */
function guarded(suffix: string, cased: string): Rule {
  const shellKeyword = shellKeywords.join("|");
  const here = String.raw`(?=([ \t]*)(?:(?i:ONBUILD)[ \t]+)?(?i:${shellKeyword})[ \t\n])`;
  return {
    name: scope("meta.step"),
    begin: String.raw`^${here}(?=[ \t]*(?:${cased})[ \t\n])`,
    while: String.raw`^(?!\1(?:${cased})[ \t\n])`,
    patterns: [rule(`commands-${suffix}`), rule(`file-${suffix}`)],
  };
}

/**
 * The rules that join continued lines inside a shell's own rules, as an injection: `main` is the grammar with the other
 * rules.
 */
export function joinedLines(escape: EscapeName, main: string): readonly Rule[] {
  return ["heredoc-run", `lines-${escape}`].map((name) => ({ include: `${main}#${name}` }));
}
