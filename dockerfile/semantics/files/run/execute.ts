import type { AndOr, Statement } from "../../../shell/posix/statement.ts";
import { runSimple } from "./command.ts";
import { expandWord } from "./expand.ts";
import { isHarmless } from "./harmless.ts";
import { forgetAll, inSubshell, type Machine } from "./machine.ts";
import { joinOutputs, noOutput, success, unknownOutput, type Output, type Result, type Status } from "./output.ts";
import { withRedirections } from "./redirect.ts";

/** Runs a statement on the machine. Undecidable parts become a gap. */
export function execute(statement: Statement, machine: Machine, input: Output): Result {
  if (machine.shell.ended !== undefined) return { status: machine.shell.ended, output: noOutput };
  if (machine.budget.left-- <= 0) return undecided(machine, "it runs more commands than are followed", []);
  return run(statement, machine, input);
}

function run(statement: Statement, machine: Machine, input: Output): Result {
  switch (statement.kind) {
    case "simple":
      return runSimple(statement, machine, input);
    case "sequence":
      return runSequence(statement.statements, machine, input);
    case "andOr":
      return runAndOr(statement.first, statement.rest, machine, input);
    case "pipeline":
      return runPipeline(statement, machine, input);
    case "if":
      return runIf(statement, machine, input);
    case "for":
      return runFor(statement, machine, input);
    case "group":
    case "subshell":
      return runGroup(statement, machine, input);
    case "undecided":
      return isHarmless(statement)
        ? { status: "unknown", output: unknownOutput }
        : undecided(machine, statement.what, statement.inside);
  }
}

type Group = Extract<Statement, { kind: "group" | "subshell" }>;

function runGroup({ kind, body, redirections }: Group, machine: Machine, input: Output): Result {
  return withRedirections(machine, redirections, input, (given) =>
    kind === "group" ? execute(body, machine, given) : inSubshell(machine, (inner) => execute(body, inner, given)),
  );
}

/** Notes commands that may or may not run; whatever they do, nothing is certain after them. */
function undecided(machine: Machine, reason: string, inside: readonly Statement[]): Result {
  machine.uncertain ??= reason;
  machine.gap ??= reason;
  for (const statement of inside) execute(statement, machine, unknownOutput);
  forgetAll(machine, reason);
  return { status: "unknown", output: unknownOutput };
}

function runSequence(statements: readonly Statement[], machine: Machine, input: Output): Result {
  let result: Result = success;
  let output = noOutput;
  const { shell } = machine;
  const { mustSucceed } = shell;
  for (const [index, statement] of statements.entries()) {
    const isLast = index === statements.length - 1;
    shell.mustSucceed = (shell.endsOnError && !shell.isAsked) || (mustSucceed && isLast);
    result = execute(statement, machine, input);
    shell.mustSucceed = mustSucceed;
    output = joinOutputs(output, result.output);
    if (statement.kind !== "andOr") endOnError(machine, result.status);
    if (shell.ended !== undefined) return { status: shell.ended, output };
  }
  return { status: result.status, output };
}

/** Ends the shell on an error, as in `set -e`. */
function endOnError({ shell }: Machine, status: Status): void {
  if (shell.endsOnError && !shell.isAsked && typeof status === "number" && status !== 0) shell.ended ??= status;
}

/** Runs something whose failure is tested. */
function ask(machine: Machine, run: () => Result): Result {
  const { isAsked, mustSucceed } = machine.shell;
  Object.assign(machine.shell, { isAsked: true, mustSucceed: false });
  const result = run();
  Object.assign(machine.shell, { isAsked, mustSucceed });
  return result;
}

function runAndOr(first: Statement, rest: readonly AndOr[], machine: Machine, input: Output): Result {
  const { shell } = machine;
  const { isAsked, mustSucceed } = shell;
  const mustAll = mustSucceed && rest.every(({ operator }) => operator === "&&");
  Object.assign(shell, { isAsked: true, mustSucceed: mustAll });
  let { status, output } = execute(first, machine, input);
  for (const [index, { operator, statement }] of rest.entries()) {
    if (shell.ended !== undefined) break;
    const isLast = index === rest.length - 1;
    const runs = decides(status, operator, mustAll);
    if (runs === false) continue;
    if (runs === "unknown" && !isHarmless(statement)) {
      const reason = `whether \`${operator}\` runs its next command is not known`;
      return undecided(machine, reason, [statement]);
    }
    if (runs === "unknown") {
      status = operator === "||" ? "assumed" : status;
      continue;
    }
    // Under `set -e` only a list's last command ends the shell.
    if (isLast) shell.isAsked = isAsked;
    const next = execute(statement, machine, input);
    output = joinOutputs(output, next.output);
    status = next.status;
    if (isLast) endOnError(machine, status);
  }
  Object.assign(shell, { isAsked, mustSucceed });
  return { status, output };
}

function decides(status: Status, operator: AndOr["operator"], mustSucceed: boolean): boolean | "unknown" {
  if (status === "unknown") return mustSucceed && operator === "&&" ? true : "unknown";
  // If it failed, the build would fail, or the line would do less than reported.
  if (status === "assumed") return operator === "&&" ? true : "unknown";
  return operator === "&&" ? status === 0 : status !== 0;
}

function runPipeline(
  { commands, isNegated }: Extract<Statement, { kind: "pipeline" }>,
  machine: Machine,
  input: Output,
): Result {
  let result: Result = { status: 0, output: input };
  for (const [index, command] of commands.entries()) {
    const isLast = index === commands.length - 1 && !isNegated;
    const given = result.output;
    const run = (inner: Machine): Result => execute(command, inner, given);
    result =
      commands.length === 1
        ? ask(machine, () => run(machine))
        : inSubshell(machine, (inner) => {
            inner.shell.pipedInto = programOf(commands[index + 1]);
            return isLast ? run(inner) : ask(inner, () => run(inner));
          });
  }
  if (!isNegated) return result;
  const { status } = result;
  return { ...result, status: typeof status === "number" ? (status === 0 ? 1 : 0) : "unknown" };
}

function programOf(statement: Statement | undefined): string | undefined {
  return statement?.kind === "simple" ? statement.words[0]?.text : undefined;
}

function runIf(statement: Extract<Statement, { kind: "if" }>, machine: Machine, input: Output): Result {
  for (const [index, { condition, body }] of statement.branches.entries()) {
    const { status } = ask(machine, () => execute(condition, machine, input));
    if (typeof status !== "number") {
      const open = [body, ...statement.branches.slice(index + 1).flatMap((branch) => [branch.condition, branch.body])];
      const inside = statement.otherwise ? [...open, statement.otherwise] : open;
      if (inside.every(isHarmless)) return { status: "assumed", output: unknownOutput };
      return undecided(machine, "what its `if` decides is not known", inside);
    }
    if (status === 0) return execute(body, machine, input);
  }
  return statement.otherwise ? execute(statement.otherwise, machine, input) : success;
}

function runFor({ name, words, body }: Extract<Statement, { kind: "for" }>, machine: Machine, input: Output): Result {
  const values: string[] = [];
  for (const word of words) {
    const expanded = expandWord(machine, word);
    if ("unclear" in expanded || expanded.unmatched)
      return isHarmless(body)
        ? { status: "unknown", output: unknownOutput }
        : undecided(machine, `what its \`for ${name}\` loop runs over is not known`, [body]);
    values.push(...expanded.fields);
  }
  let result: Result = success;
  let output = noOutput;
  for (const value of values) {
    machine.shell.variables.set(name, value);
    result = execute(body, machine, input);
    output = joinOutputs(output, result.output);
    if (machine.shell.ended !== undefined) break;
  }
  return { status: result.status, output };
}
