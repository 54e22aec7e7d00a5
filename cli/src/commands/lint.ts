import { availableParallelism } from "node:os";
import { basename, resolve } from "node:path";
import { createShellCheck, type ShellCheck } from "../../../dockerfile/facts/fetch/shellcheck.ts";
import { isIgnoreFile } from "../../../dockerfile/facts/ignoreFileName.ts";
import type { Facts } from "../../../dockerfile/facts/fact.ts";
import { readIgnoreDocument } from "../../../dockerfile/lint/ignore/document.ts";
import { runIgnoreRules } from "../../../dockerfile/lint/ignore/run.ts";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { ruleConfigOf } from "../../../dockerfile/lint/config/lintConfig.ts";
import type { FactScope } from "../../../dockerfile/facts/scope.ts";
import type { Report, Severity } from "../../../dockerfile/lint/rule.ts";
import { runRules, type LintOptions } from "../../../dockerfile/lint/run.ts";
import { buildWithFacts, readBuildText } from "../../../dockerfile/semantics/createBuild.ts";
import { notDockerfileReason } from "../../../dockerfile/lint/subject/fileNames.ts";
import { safeFixes } from "../../../dockerfile/lint/fixes/safeFixes.ts";
import { loadShellParser } from "../../../dockerfile/shellAssets.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { ShellParser } from "../../../dockerfile/shell/shell.ts";
import { CommandError, exitCodes, type Arguments, type Command, type ExitCode } from "../command.ts";
import { contextFolder } from "../contextOption.ts";
import { ignoreFileScopeOf, openFacts, scopeOf, type OpenFacts } from "../facts.ts";
import { readInput, writeDockerfile, type InputFile } from "../dockerfiles.ts";
import { lintConfigs, type AppliedConfig, type LintConfigs } from "../lintConfig.ts";
import { lintTargets, type LintTarget } from "../lintTargets.ts";
import { formatHelp, lintFormatOf, lintFormats } from "../output/format.ts";
import type { LintedFile } from "../output/lintedFile.ts";
import { lintOutput } from "../output/lintOutput.ts";
import { ruleChoice, type RuleChoice } from "../ruleChoice.ts";
import { printError } from "../output/messages.ts";

export const lint: Command = {
  name: "lint",
  operands: "FILE|FOLDER|PATTERN…",
  summary:
    "Finds problems in Dockerfiles and .dockerignore files; - is standard input, a folder means all of those in it",
  options: {
    format: { type: "string", short: "f", value: "FORMAT", help: formatHelp(lintFormats) },
    config: {
      type: "string",
      short: "c",
      value: "FILE",
      help: "Configuration file; default the nearest .hadolint.yaml in the Dockerfile's folder or above",
    },
    context: {
      type: "string",
      value: "FOLDER",
      help: "Build context; default the folder that has the files of COPY and ADD",
    },
    enable: {
      type: "string",
      multiple: true,
      value: "NAME",
      help: "Enable a rule or group that is off, or all; repeatable",
    },
    disable: {
      type: "string",
      multiple: true,
      value: "NAME",
      help: "Disable a rule or group, or all; repeatable; --enable wins",
    },
    "fail-on": {
      type: "string",
      value: "SEVERITY",
      help: "Exit with 1 from this severity on: error, warning (default), info, hint or never",
    },
    fix: { type: "boolean", help: "Apply the safe fixes and write the files" },
    quiet: { type: "boolean", short: "q", help: "Print findings only, without a summary" },
    "stdin-filename": {
      type: "string",
      value: "NAME",
      help: "Name for standard input, used in reports and to find the configuration",
    },
    "no-network": { type: "boolean", help: "Don't contact any engine or registry" },
    "no-shellcheck": { type: "boolean", help: "Don't run ShellCheck, even if it is installed" },
  },
  async run(args, signal) {
    if (args.positionals.length === 0) throw new CommandError("lint takes one or more FILEs, FOLDERs or PATTERNs");
    const format = lintFormatOf(args);
    const linting = await openLinting(args, signal);
    try {
      const linted = await lintAll(await lintTargets(args.positionals), linting, args);
      const files = linted.filter((one) => "input" in one);
      const passedOver = linted.filter((one) => "passedOver" in one);
      reportPassedOver(passedOver, files.length);
      const output = await lintOutput(format, files, args.flag("quiet") ? "brief" : "full");
      if (output !== "") console.log(output);
      return exitCodeOf(files, linted.length - files.length - passedOver.length);
    } finally {
      linting.facts.dispose();
    }
  },
};

interface Linting {
  readonly shell: ShellParser;
  readonly configs: LintConfigs;
  readonly choice: RuleChoice;
  /** The value of `--fail-on`, before any configuration applies. */
  readonly failOn: Severity | "never" | undefined;
  readonly facts: OpenFacts;
  /** `--context`. */
  readonly context: string | undefined;
  readonly signal: AbortSignal;
}

async function openLinting(args: Arguments, signal: AbortSignal): Promise<Linting> {
  return {
    configs: await lintConfigs(args.option("config")),
    choice: ruleChoice(args.list("enable"), args.list("disable")),
    failOn: failOnOf(args.option("fail-on")),
    facts: openFacts(args.flag("no-network") ? "offline" : "engine", shellCheckOf(args)),
    shell: await loadShellParser(),
    context: await contextFolder(args),
    signal,
  };
}

function shellCheckOf(args: Arguments): ShellCheck | undefined {
  if (args.flag("no-shellcheck")) return undefined;
  return createShellCheck({
    path: "",
    onTrouble(kind, reason) {
      // Users without ShellCheck needn't be reminded on each run.
      if (kind === "failed") printError(`a RUN was not checked by ShellCheck: ${reason}`);
    },
  });
}

/** A file that couldn't be linted. The failure has already been reported. */
type Failed = Record<never, never>;

/** A file in a folder that is named like a Dockerfile but isn't one. */
interface PassedOver {
  readonly passedOver: string;
  readonly reason: string;
}

type Outcome = LintedFile | PassedOver | Failed;

/**
 * Lints all targets, in the order of their paths. Several run at once: while one waits for ShellCheck or a disk,
 * another is read.
 */
async function lintAll(targets: readonly LintTarget[], linting: Linting, args: Arguments): Promise<readonly Outcome[]> {
  const linted: Outcome[] = [];
  const left = targets.entries();
  const work = async (): Promise<void> => {
    for (const [index, target] of left) linted[index] = await lintTarget(target, linting, args).catch(tell);
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, work));
  return linted;
}

function tell(error: unknown): Failed {
  if (!(error instanceof CommandError)) throw error;
  printError(error.message);
  return {};
}

/** Bounds the list of skipped files for a folder full of templates. */
const maxNamed = 5;

function reportPassedOver(passedOver: readonly PassedOver[], linted: number): void {
  if (passedOver.length === 0) return;
  const named = passedOver.slice(0, maxNamed).map((it) => `${it.passedOver} (${it.reason})`);
  const more = passedOver.length > maxNamed ? [`${passedOver.length - maxNamed} more`] : [];
  const what = `skipped ${[...named, ...more].join(", ")}; name a file to lint it`;
  if (linted === 0) throw new CommandError(`no Dockerfile to lint: ${what}`);
  printError(what);
}

async function lintTarget({ path, by, problem }: LintTarget, linting: Linting, args: Arguments): Promise<Outcome> {
  if (problem !== undefined) throw new CommandError(problem);
  const read = await readInput(path);
  const mayBeOther = by === "folder" && !isIgnoreFile(path);
  const reason = mayBeOther ? notDockerfileReason(basename(path), parse(read.text)) : undefined;
  if (reason !== undefined) return { passedOver: path, reason };
  const name = path === "-" ? args.option("stdin-filename") : undefined;
  const place = name === undefined ? read.absolutePath : resolve(name);
  const config = await linting.configs.of(place);
  const lintOne = (input: InputFile) =>
    lintFile({ ...input, ...(name !== undefined && { path: name }) }, place, config, linting);
  const first = await lintOne(read);
  return args.flag("fix") ? fixed(first, lintOne) : first;
}

/** Lints one file. `place` is its assumed path, also for standard input. */
async function lintFile(
  input: InputFile,
  place: string | undefined,
  config: AppliedConfig,
  linting: Linting,
): Promise<LintedFile> {
  const { choice, facts, failOn, context, signal } = linting;
  const options = {
    severities: choice.severities(config.severities),
    config: { ...ruleConfigOf(config), ignoresBuilds: true },
    fileName: basename(place ?? input.path),
    onCrash: (rule: string, error: unknown) =>
      printError(`rule ${rule} failed on ${input.path}, which is a bug: ${stackOf(error)}`),
  };
  const { scope, find } = isIgnoreFile(input.path)
    ? ignoreFileLinter(input, place, context, options)
    : dockerfileLinter(input, scopeOf(place, context), linting.shell, options);
  return {
    input,
    reports: await facts.read(scope, find, signal),
    failOn: failOn ?? config.failOn ?? "warning",
    ...(config.unread !== undefined && { lacksConfig: true }),
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The parts that lint one kind of file: how its facts are found, and what its rules report. */
interface Linter {
  readonly scope: FactScope;
  find(facts: Facts): readonly Report[];
}

function dockerfileLinter({ text }: InputFile, scope: FactScope, shell: ShellParser, options: LintOptions): Linter {
  const meaning = readBuildText(parse(text), shell);
  return { scope, find: (facts) => runRules(buildWithFacts(meaning, facts), options) };
}

function ignoreFileLinter(
  { path, text }: InputFile,
  place: string | undefined,
  context: string | undefined,
  options: Pick<LintOptions, "severities" | "onCrash">,
): Linter {
  const file = readIgnoreDocument(place ?? path, text);
  return {
    scope: place === undefined ? scopeOf(place, context) : ignoreFileScopeOf(place, context),
    find: (facts) => runIgnoreRules({ file, facts }, options),
  };
}

// A fix can enable another. Each round removes at least one finding, and no file needs many rounds.
const maxFixRounds = 10;

async function fixed(first: LintedFile, lintOne: (input: InputFile) => Promise<LintedFile>): Promise<LintedFile> {
  const { input } = first;
  const reason = isIgnoreFile(input.path) ? undefined : notDockerfileReason(basename(input.path), parse(input.text));
  if (reason !== undefined) printError(`nothing is fixed in ${input.path} (${reason})`);
  if (input.text.includes("\0")) return first;
  let linted = first;
  for (let round = 0; round < maxFixRounds; round++) {
    const changes = safeFixes(linted.reports);
    if (changes.length === 0) break;
    const text = applyChanges(linted.input.text, changes);
    linted = await lintOne({ ...linted.input, text });
  }
  if (linted.input.text !== first.input.text) await writeDockerfile(first.input, linted.input.text);
  return linted;
}

const order: readonly Severity[] = ["error", "warning", "info", "hint"];

function failOnOf(name: string | undefined): Severity | "never" | undefined {
  if (name === undefined || name === "never") return name;
  const severity = order.find((known) => known === name);
  if (!severity)
    throw new CommandError(`--fail-on ${name} is not a severity; expected one of ${order.join(", ")} or never`);
  return severity;
}

/** The exit code of a run; `lost` is the number of files that couldn't be linted at all. */
export function exitCodeOf(files: readonly LintedFile[], lost: number): ExitCode {
  // A rule that failed found nothing, and without its configuration a file is held to other rules. Neither must look
  // like a file without problems.
  const isIncomplete = files.some(
    ({ reports, lacksConfig }) => lacksConfig ?? reports.some(({ isFailure }) => isFailure),
  );
  if (lost > 0 || isIncomplete) return exitCodes.failed;
  const isBad = files.some(
    ({ reports, failOn }) =>
      failOn !== "never" && reports.some(({ severity }) => order.indexOf(severity) <= order.indexOf(failOn)),
  );
  return isBad ? exitCodes.found : exitCodes.clean;
}
