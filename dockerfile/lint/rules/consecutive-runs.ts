import type { ShellCommand } from "../../shell/shell.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { indentationAt, newlineOf } from "../../edit/edits.ts";
import type { InstructionScript } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "consecutive-runs",
  group: "size",
  summary: "Consecutive short `RUN` instructions could be one",
  why: "Each `RUN` is a layer. Small steps that belong together cost less as one, unless the first is slow and rarely changes: then it deserves its own place in the cache.",
  severity: "off",
  aliases: ["DL3059"],
  sources: ["https://docs.docker.com/build/building/best-practices/#run"],
  examples: [
    {
      bad: `FROM debian:12
RUN groupadd app
RUN useradd -g app app
^^^ This RUN could be joined to the one above
`,
      good: `FROM debian:12
RUN groupadd app \\
    && useradd -g app app
`,
    },
  ],
  *check(input) {
    const scripts = new Map(input.build.scripts().map((it) => [it.instruction.index, it]));
    for (const second of scripts.values()) {
      const first = scripts.get(second.instruction.index - 1);
      if (first && isShort(first) && isShort(second) && haveSameFlags(first.instruction, second.instruction))
        yield { span: second.instruction.keyword.span, data: { first, second } };
    }
  },
  message: () => "This RUN could be joined to the one above",
  fixSafety: "unsafe",
  fix({ data: { first, second } }, { build: { file } }) {
    const hasOr = [first, second].some(
      ({ script }) =>
        script.form !== "line" ||
        script.hasErrors ||
        script.commands.some(({ joinedBy }) => joinedBy !== "start" && joinedBy !== "&&"),
    );
    const between = file.text.slice(first.instruction.span.end, second.instruction.span.start);
    if (hasOr || between.trim() !== "" || file.text.slice(second.script.end, second.instruction.span.end).trim() !== "")
      return undefined;
    const indentation = `${indentationAt(file, first.instruction.span.start)}    `;
    return {
      title: "Join it to the one above",
      changes: [
        {
          span: { start: first.script.end, end: second.instruction.restSpan.start },
          text: ` ${file.escape}${newlineOf(file)}${indentation}&& `,
        },
      ],
    };
  },
});

/** True for a RUN of one command. Longer ones are split for a reason. */
function isShort({ instruction, script }: InstructionScript): boolean {
  return (
    instruction.keyword.value === "RUN" &&
    instruction.heredocs.length === 0 &&
    script.commands.filter(isWritten).length <= 1
  );
}

/** False for a condition, and for what another command runs. */
function isWritten({ name, nesting }: ShellCommand): boolean {
  return name !== "[" && name !== "[[" && !nesting.includes("wrapper") && !nesting.includes("script");
}

function haveSameFlags(first: Instruction, second: Instruction): boolean {
  const flags = ({ flags: written }: Instruction): string =>
    written
      .map(({ name, value }) => `${name}=${value?.value ?? ""}`)
      .sort()
      .join(" ");
  return first.stageIndex === second.stageIndex && flags(first) === flags(second);
}
