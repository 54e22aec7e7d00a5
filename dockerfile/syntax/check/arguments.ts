import { isHeredocWord } from "../heredocs.ts";
import type { Instruction, Span, SyntaxProblem } from "../syntax.ts";
import { literalValue, problem, quoted } from "./problem.ts";

/**
 * Checks the number of an instruction's arguments, and their form.
 * @see moby/buildkit frontend/dockerfile/instructions/parse.go
 */
export function checkArguments(instruction: Instruction, escape: string): SyntaxProblem[] {
  return rules.get(instruction.keyword.value)?.(instruction, escape) ?? [];
}

type Rule = (instruction: Instruction, escape: string) => SyntaxProblem[];

const needsOne =
  (what: string, example: string): Rule =>
  (instruction) =>
    instruction.arguments.length > 0 || hasJsonProblem(instruction)
      ? []
      : [
          problem(
            "argumentCount",
            instruction.keyword.span,
            `${instruction.keyword.value} needs ${what}, such as ${example}`,
          ),
        ];

const rules: ReadonlyMap<string, Rule> = new Map([
  ["ADD", checkCopy],
  ["COPY", checkCopy],
  ["FROM", checkFrom],
  ["SHELL", checkShell],
  ["ONBUILD", checkOnbuild],
  ["VOLUME", checkVolume],
  ["ARG", checkPairs],
  ["ENV", checkPairs],
  ["LABEL", checkPairs],
  ["EXPOSE", needsOne("a port", "8080")],
  ["MAINTAINER", needsOne("a name", "Ada")],
  ["STOPSIGNAL", needsOne("a signal", "SIGINT")],
  ["USER", needsOne("a user", "1000:1000")],
  ["WORKDIR", needsOne("a path", "/app")],
]);

/** True for an array with items other than strings, which has already been reported. */
function hasJsonProblem({ form, rest, arguments: items }: Instruction): boolean {
  return form === "json" && items.length === 0 && /[^\s[\]]/.test(rest.text);
}

function checkCopy(instruction: Instruction): SyntaxProblem[] {
  const { keyword, arguments: words } = instruction;
  const destination = words.at(-1);
  if (hasJsonProblem(instruction)) return [];
  if (!destination)
    return [problem("argumentCount", keyword.span, `${keyword.value} needs a source and a destination`)];
  if (words.length === 1)
    return [
      problem(
        "argumentCount",
        destination.span,
        `${keyword.value} has a source but no destination; write where ${quoted(destination.value)} goes after it`,
      ),
    ];
  if (!isHeredocWord(destination.value)) return [];
  return [
    problem(
      "heredoc",
      destination.span,
      `A heredoc can't be the destination of ${keyword.value}; write the path after it`,
    ),
  ];
}

function checkFrom({ keyword, arguments: words }: Instruction): SyntaxProblem[] {
  const [base, as, name] = words;
  if (!base || !as)
    return base ? [] : [problem("argumentCount", keyword.span, "FROM needs an image, a stage or scratch")];
  const span = { start: as.span.start, end: words.at(-1)?.span.end ?? as.span.end };
  if (as.value.toUpperCase() !== "AS") {
    return [
      problem(
        "argumentCount",
        span,
        `FROM takes an image and AS name only, not ${quoted(as.value)}; write AS before a stage name, or remove it`,
      ),
    ];
  }
  if (!name) return [problem("argumentCount", as.span, "AS needs a stage name")];
  if (words.length > 3)
    return [
      problem(
        "argumentCount",
        { start: words[3]?.span.start ?? span.start, end: span.end },
        "Nothing can follow the stage name; put comments on their own line",
      ),
    ];
  if (/^[a-z][a-z0-9-_.]*$/.test(name.value.toLowerCase())) return [];
  return [
    problem(
      "stageName",
      name.span,
      `${quoted(name.value)} is not a valid stage name: start with a letter, then use letters, digits, -, _ and .`,
      stageNameFrom(name.value),
    ),
  ];
}

function stageNameFrom(written: string): string | undefined {
  const name = written
    .toLowerCase()
    .replaceAll(/[^a-z0-9-_.]+/g, "-")
    .replace(/^[^a-z]+/, "");
  return /^[a-z]/.test(name) ? name : undefined;
}

function checkShell(instruction: Instruction): SyntaxProblem[] {
  const { keyword, form, arguments: items, rest, restSpan } = instruction;
  if (hasJsonProblem(instruction)) return [];
  if (form === "words" && rest.text !== "")
    return [
      problem(
        "json",
        restSpan,
        "SHELL takes the JSON form only: each word in double quotes, all in brackets",
        shellArray(rest.text),
      ),
    ];
  return items.length > 0
    ? []
    : [problem("argumentCount", keyword.span, 'SHELL needs a shell and its flags, such as ["/bin/bash", "-c"]')];
}

function shellArray(text: string): string | undefined {
  return /^[\w./\- \t]+$/.test(text)
    ? `[${text
        .split(/[ \t]+/)
        .map((word) => `"${word}"`)
        .join(", ")}]`
    : undefined;
}

function checkOnbuild({ keyword, trigger }: Instruction): SyntaxProblem[] {
  if (!trigger) return [problem("argumentCount", keyword.span, "ONBUILD needs an instruction")];
  const { value, span } = trigger.keyword;
  if (value === "ONBUILD") return [problem("onbuild", span, "ONBUILD can't follow ONBUILD; remove one of them")];
  if (value === "FROM" || value === "MAINTAINER") return [problem("onbuild", span, `${value} can't follow ONBUILD`)];
  return [];
}

function checkVolume(instruction: Instruction, escape: string): SyntaxProblem[] {
  const blank = instruction.arguments.find((word) => word.value.trim() === "" || literalValue(word, escape) === "");
  if (!blank) return needsOne("a path", "/data")(instruction, escape);
  return [problem("argumentCount", around(blank.span), "A volume's path can't be empty; write a path or remove it")];
}

/** The quotes of an empty JSON string, to mark a visible span. */
function around({ start, end }: Span): Span {
  return start === end ? { start: start - 1, end: end + 1 } : { start, end };
}

function checkPairs(instruction: Instruction): SyntaxProblem[] {
  const { keyword, pairs, arguments: words } = instruction;
  if (words.length === 0) return [problem("argumentCount", keyword.span, `${keyword.value} needs a name`)];
  return pairs.flatMap(({ key, value }) => {
    if (key.value !== "") return [];
    const span = { start: key.span.start, end: value?.span.end ?? key.span.end };
    return [problem("keyValue", span, `${keyword.value} has a value without a name; write the name before the =`)];
  });
}
