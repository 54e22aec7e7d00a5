import { networkModes, securityModes } from "../../dockerfile/syntax/instructions/flags.ts";
import { mountTypes } from "../../dockerfile/syntax/instructions/mountOptions.ts";
import { type EscapeName, escapes } from "./dialect.ts";
import { type Repository, type Rule, groups, rule, scope } from "./rule.ts";

const flagName = "entity.other.attribute-name.flag";
const number: Rule = { name: scope("constant.numeric"), match: String.raw`(?<=[=:,])\d[\d.]*(?:[A-Za-z]+)?(?=[\s:,])` };
const boolean: Rule = { name: scope("constant.language.boolean"), match: String.raw`(?<==)(?i:true|false)(?=[\s,])` };
const colon: Rule = { name: scope("punctuation.separator"), match: ":" };

/** `--name` and `--name=value` before an instruction's arguments. */
export function flagRules(escape: EscapeName): Repository {
  const text: Rule = { name: scope("string.unquoted"), match: String.raw`[^\s,:"'$${escapes[escape]}]+` };
  const common = [
    rule(`lines-${escape}`),
    rule(`quoted-${escape}`),
    rule(`variable-${escape}`),
    rule(`escaped-${escape}`),
  ];
  const modes = [...networkModes, ...securityModes].join("|");
  const mode: Rule = { name: scope("constant.language"), match: String.raw`(?<==)(?:${modes})(?=\s)` };
  return {
    [`flag-${escape}`]: {
      patterns: [
        flag("from", [rule(`stage-or-image-${escape}`)]),
        flag("mount", [...mountOptions(escape), ...common, number, boolean, text]),
        flag("network|security", [mode, ...common, text]),
        flag("[a-z][a-z-]*", [...common, number, boolean, colon, text]),
        {
          match: String.raw`(?<=\s)(--)([a-z][a-z-]*)(?=\s)`,
          captures: groups("punctuation.definition.flag", flagName),
        },
      ],
    },
  };
}

function flag(name: string, value: readonly Rule[]): Rule {
  return {
    name: scope("meta.flag"),
    begin: String.raw`(?:(?<=\s)|^)(--)(${name})(=)`,
    beginCaptures: groups("punctuation.definition.flag", flagName, "keyword.operator.assignment"),
    end: String.raw`(?=\s)`,
    patterns: value,
  };
}

/** The comma-separated fields of `--mount`. */
function mountOptions(escape: EscapeName): readonly Rule[] {
  const key = "variable.parameter.mount";
  const types = mountTypes.map(({ name }) => name).join("|");
  return [
    { name: scope("punctuation.separator.option"), match: "," },
    {
      match: String.raw`(?<=[=,])(type)(=)(?:(${types})(?=[\s,]))?`,
      captures: groups(key, "keyword.operator.assignment", "constant.language.mount-type"),
    },
    {
      begin: String.raw`(?<=[=,])(from)(=)`,
      beginCaptures: groups(key, "keyword.operator.assignment"),
      end: String.raw`(?=[\s,])`,
      patterns: [rule(`stage-or-image-${escape}`)],
    },
    { match: String.raw`(?<=[=,])([a-z]+)(=)`, captures: groups(key, "keyword.operator.assignment") },
    { name: scope(key), match: String.raw`(?<=,)[a-z]+(?=[\s,])` },
  ];
}
