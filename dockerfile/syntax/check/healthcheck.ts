import type { Flag, Instruction, SyntaxProblem } from "../syntax.ts";
import { problem, quoted } from "./problem.ts";

/**
 * Checks the type of a HEALTHCHECK, its command and its times.
 * @see moby/buildkit frontend/dockerfile/instructions/parse.go parseHealthcheck
 */
export function checkHealthcheck(instruction: Instruction): SyntaxProblem[] {
  const [type, command] = instruction.arguments;
  if (!type) return [problem("healthcheck", instruction.keyword.span, "HEALTHCHECK needs CMD and a command, or NONE")];
  if (type.value.toUpperCase() === "NONE")
    return command
      ? [
          problem(
            "healthcheck",
            command.span,
            "HEALTHCHECK NONE turns the check off and takes no arguments; remove this",
          ),
        ]
      : [];
  return [...checkType(instruction), ...instruction.flags.flatMap(checkFlag)];
}

function checkType({ arguments: [type], trigger }: Instruction): SyntaxProblem[] {
  if (!type) return [];
  if (!trigger)
    return [
      problem(
        "healthcheck",
        type.span,
        `HEALTHCHECK takes CMD or NONE, not ${quoted(type.value)}; write CMD before the command`,
      ),
    ];
  if (
    trigger.form === "words"
      ? trigger.arguments.length > 0
      : trigger.arguments.length > 0 || /[^\s[\]]/.test(trigger.rest.text)
  )
    return [];
  return [problem("healthcheck", type.span, "HEALTHCHECK CMD needs a command")];
}

function checkFlag({ name, value }: Flag): SyntaxProblem[] {
  if (!value || value.value === "") return [];
  if (name === "retries")
    return checkRetries(value.value)
      ? [problem("healthcheck", value.span, `--retries takes a whole number, not ${quoted(value.value)}`)]
      : [];
  if (!durationFlags.has(name)) return [];
  const nanoseconds = parseDuration(value.value);
  if (nanoseconds === undefined)
    return [
      problem(
        "healthcheck",
        value.span,
        `${quoted(value.value)} is not a valid duration; write numbers with units (ns, us, ms, s, m, h), such as 30s or 1m30s`,
        withUnit(value.value),
      ),
    ];
  if (nanoseconds === 0 || nanoseconds >= millisecond) return [];
  return [
    problem(
      "healthcheck",
      value.span,
      `--${name} is shorter than a millisecond, the minimum; write 1ms or more, or 0 for the default`,
    ),
  ];
}

const durationFlags = new Set(["interval", "timeout", "start-period", "start-interval"]);

function checkRetries(value: string): boolean {
  return !/^[+-]?[0-9]+$/.test(value) || Number(value) < 0 || Number(value) >= 2 ** 31;
}

function withUnit(value: string): string | undefined {
  return /^[0-9]+$/.test(value) ? `${value}s` : undefined;
}

const millisecond = 1e6;
const units: ReadonlyMap<string, number> = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["μs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["m", 6e10],
  ["h", 3.6e12],
]);

/** Parses a duration to nanoseconds; undefined if it isn't one. @see https://pkg.go.dev/time#ParseDuration */
function parseDuration(text: string): number | undefined {
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.replace(/^[+-]/, "");
  if (digits === "0") return 0;
  if (!/^(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(digits)) return undefined;
  let total = 0;
  for (const [, number = "", unit = ""] of digits.matchAll(/([0-9.]+)([a-zµμ]+)/g))
    total += Number(number) * (units.get(unit) ?? 0);
  return total >= 2 ** 63 ? undefined : sign * Math.trunc(total);
}
