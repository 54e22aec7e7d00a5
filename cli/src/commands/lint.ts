import { applyChanges } from "../../../dockerfile/lint/applyChanges.ts";
import type { Report, Severity } from "../../../dockerfile/lint/rule.ts";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { runRules } from "../../../dockerfile/lint/run.ts";
import { safeFixes } from "../../../dockerfile/lint/safeFixes.ts";
import { loadShellParser } from "../../../dockerfile/shellAssets.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { ShellParser } from "../../../dockerfile/syntax/shell.ts";
import { CommandError, exitCodes, type Arguments, type Command } from "../command.ts";
import { scopeOf, withFacts } from "../facts.ts";
import { readDockerfile, writeDockerfile, type InputFile } from "../files.ts";
import { readLintConfig } from "../lintConfig.ts";
import { formatOf, formatOption } from "../output/format.ts";
import { lintJson } from "../output/lintJson.ts";
import { lintText } from "../output/lintText.ts";

export interface LintedFile {
  readonly input: InputFile;
  readonly reports: readonly Report[];
}

export const lint: Command = {
  name: "lint",
  operands: "FILE…",
  summary: "Finds problems in Dockerfiles",
  options: {
    ...formatOption.options,
    config: { type: "string" },
    context: { type: "string" },
    enable: { type: "string", multiple: true },
    "fail-on": { type: "string" },
    fix: { type: "boolean" },
    "no-network": { type: "boolean" },
  },
  optionHelp: {
    ...formatOption.help,
    config: "a .hadolint.yaml",
    context: "the build context; where absent the folder that has what is copied: the Dockerfile's, one above it, or the current one",
    enable: "turns a rule on that is off by default, or all; may be repeated",
    "fail-on": "exit code 1 from this severity on: error, warning (default), info, hint, never",
    fix: "applies the safe fixes and writes the files",
    "no-network": "asks no engine and no registry",
  },
  async run(args) {
    if (args.positionals.length === 0) throw new CommandError("lint takes one or more FILEs; - is standard input");
    const failOn = failOnOf(args);
    const shell = await loadShellParser();
    const severities = { ...(await readLintConfig(args.option("config"))), ...enabled(args) };
    const linting: Linting = { shell, severities, context: args.option("context"), network: args.flag("no-network") ? "offline" : "online" };
    const linted: LintedFile[] = [];
    for (const path of args.positionals) {
      const input = await readDockerfile(path);
      const first = await lintFile(input, linting);
      linted.push(args.flag("fix") ? await fixed(first, linting) : first);
    }
    console.log(formatOf(args) === "json" ? JSON.stringify(lintJson(linted), undefined, 2) : lintText(linted));
    const isBad = linted.some(({ reports }) => reports.some(({ severity }) => failOn.has(severity)));
    return isBad ? exitCodes.found : exitCodes.clean;
  },
};

interface Linting {
  readonly shell: ShellParser;
  readonly severities: Readonly<Record<string, Severity | "off">>;
  readonly context: string | undefined;
  readonly network: "online" | "offline";
}

async function lintFile(input: InputFile, { shell, severities, context, network }: Linting): Promise<LintedFile> {
  const onCrash = (rule: string, error: unknown) => console.error(`imagewright: rule ${rule} failed on ${input.path}: ${String(error)}`);
  const reports = await withFacts(scopeOf(input.absolutePath, context), network, (facts) => runRules({ file: input.file, shell, facts }, { severities, onCrash }));
  return { input, reports };
}

// A fix can make room for another; each round removes at least one finding, and no file needs many.
const maxFixRounds = 10;

async function fixed(first: LintedFile, linting: Linting): Promise<LintedFile> {
  let linted = first;
  for (let round = 0; round < maxFixRounds; round++) {
    const changes = safeFixes(linted.reports);
    if (changes.length === 0) break;
    const text = applyChanges(linted.input.text, changes);
    linted = await lintFile({ ...linted.input, text, file: parse(text) }, linting);
  }
  if (linted.input.text !== first.input.text) await writeDockerfile(first.input, linted.input.text);
  return linted;
}

function enabled(args: Arguments): Record<string, Severity> {
  const wanted = args.list("enable");
  const severities: Record<string, Severity> = {};
  for (const { meta } of rules) {
    const isNamed = wanted.some((name) => name === meta.id || meta.aliases.some((alias) => alias.toLowerCase() === name.toLowerCase()));
    if (meta.severity === "off" && (isNamed || wanted.includes("all"))) severities[meta.id] = "info";
  }
  const unknown = wanted.find((name) => name !== "all" && !rules.some(({ meta }) => [meta.id, ...meta.aliases].some((known) => known.toLowerCase() === name.toLowerCase())));
  if (unknown !== undefined) throw new CommandError(`there is no rule ${unknown}; imagewright rules lists them`);
  return severities;
}

const order: readonly Severity[] = ["error", "warning", "info", "hint"];

function failOnOf(args: Arguments): ReadonlySet<Severity> {
  const name = args.option("fail-on") ?? "warning";
  if (name === "never") return new Set();
  const last = order.findIndex((severity) => severity === name);
  if (last < 0) throw new CommandError(`--fail-on ${name} is no severity; it takes ${order.join(", ")} or never`);
  return new Set(order.slice(0, last + 1));
}
