import type { Dockerfile, Instruction } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import { baseFamilyOf } from "../../semantics/baseFamilies.ts";
import { plainWords } from "../../semantics/plainWords.ts";
import { hasInChain } from "../../semantics/stages.ts";
import { commentAt } from "../config/suppressions.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "json-args",
  group: "correctness",
  summary: "`CMD` or `ENTRYPOINT` uses the shell form",
  why: `In shell form the container's first process is \`/bin/sh -c\`, not the program. The shell doesn't forward signals, so \`docker stop\` waits ten seconds and then kills the container; and an \`ENTRYPOINT\` in shell form ignores \`CMD\` and arguments. The JSON form starts the program directly.

Review the fix of an \`ENTRYPOINT\`: the JSON form also takes the arguments of \`docker run\`, which the shell form ignores. The same goes for a \`CMD\` if an \`ENTRYPOINT\` takes it as arguments, or if the base image may have one.

Not reported if the file sets a \`SHELL\`, or if the command begins with \`exec\`, which replaces the shell with the program.`,
  severity: "warning",
  aliases: ["JSONArgsRecommended", "DL3025"],
  sources: [
    "https://docs.docker.com/reference/build-checks/json-args-recommended/",
    "https://docs.docker.com/reference/dockerfile/#shell-and-exec-form",
  ],
  examples: [
    {
      bad: `FROM alpine:3.22
CMD node server.js --port 80
^^^ Shell form hides signals from the program of this CMD; use a JSON array
`,
      good: `FROM alpine:3.22
CMD ["node", "server.js", "--port", "80"]
`,
    },
    {
      bad: `FROM alpine:3.22
ENTRYPOINT cd /app && ./run $MODE
^^^^^^^^^^ Shell form hides signals from the program of this ENTRYPOINT; use a JSON array
`,
      good: `FROM alpine:3.22
ENTRYPOINT ["/bin/sh", "-c", "cd /app && ./run $MODE"]
`,
    },
  ],
  *check({ build }) {
    const { file, shell } = build;
    for (const instruction of file.instructions) {
      const command = instruction.keyword.value === "HEALTHCHECK" ? undefined : instruction;
      if (!command || !isShellForm(command) || build.shellInEffect(command).isExplicit) continue;
      const script = shell.script(command, file);
      if (script?.commands[0]?.name !== "exec") yield { span: command.keyword.span, data: { instruction, script } };
    }
  },
  message: ({ instruction: { keyword } }) =>
    `Shell form hides signals from the program of this ${keyword.value}; use a JSON array`,
  fixSafety: "safe",
  fix({ data: { instruction, script } }, { build }) {
    if (!script || script.hasErrors || instruction.heredocs.length > 0 || hasComments(build.file, instruction))
      return undefined;
    const words = plainWords(build.file, instruction, script);
    const items = words ?? [...build.shellInEffect(instruction).command, instruction.rest.text.trim()];
    const array = `[${items.map((item) => JSON.stringify(item)).join(", ")}]`;
    const isSafe = words !== undefined && keepsMeaning(build, instruction);
    return {
      title: "Write a JSON array",
      changes: [{ span: { start: instruction.restSpan.start, end: script.end }, text: array }],
      ...(!isSafe && { safety: "unsafe" as const }),
    };
  },
});

function isShellForm({ keyword, form, rest }: Instruction): boolean {
  return (keyword.value === "CMD" || keyword.value === "ENTRYPOINT") && form === "words" && rest.text.trim() !== "";
}

function hasComments(file: Dockerfile, { headSpan }: Instruction): boolean {
  const next = commentAt(file, headSpan.start);
  return next?.isInsideInstruction === true && next.span.start > headSpan.start && next.span.end < headSpan.end;
}

/**
 * True if the JSON form means the same.
 * The arguments of `docker run` replace a CMD of either form, but only a JSON ENTRYPOINT receives them as arguments. If
 * the base image has an ENTRYPOINT, a CMD is its arguments. Those of the base images known by name treat both forms
 * alike.
 */
function keepsMeaning(build: Build, instruction: Instruction): boolean {
  const isKnown = baseFamilyOf(build, build.file.stages[instruction.stageIndex]) !== undefined;
  return instruction.keyword.value === "CMD" && isKnown && !hasCounterpart(build, instruction);
}

/**
 * True if the stage has the counterpart. A JSON ENTRYPOINT takes CMD as its arguments, one in shell form doesn't.
 * Turning one into JSON changes the meaning of the other.
 */
function hasCounterpart(build: Build, { keyword, stageIndex }: Instruction): boolean {
  const stage = build.file.stages[stageIndex];
  return stage !== undefined && hasInChain(build, stage, keyword.value === "CMD" ? "ENTRYPOINT" : "CMD");
}
