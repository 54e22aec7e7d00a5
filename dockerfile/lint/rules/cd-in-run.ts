import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import type { Dockerfile } from "../../syntax/syntax.ts";
import { indentationAt, newlineOf } from "../../edit/edits.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "cd-in-run",
  group: "style",
  summary: "`RUN cd` is used where `WORKDIR` is meant",
  why: "A `cd` ends with its `RUN`. `WORKDIR` creates the folder, applies to everything that follows, and appears in the image's configuration. A `cd` in the middle of a script or in a subshell is not reported.",
  severity: "hint",
  aliases: ["DL3003"],
  sources: ["https://docs.docker.com/build/building/best-practices/#workdir"],
  examples: [
    {
      bad: `FROM debian:12
RUN cd /src && make && make install
    ^^^^^^^ cd has no effect after this RUN; use WORKDIR /src
`,
      good: `FROM debian:12
WORKDIR /src
RUN make && make install
`,
    },
    {
      bad: `FROM debian:12
RUN cd /src
    ^^^^^^^ cd has no effect after this RUN; use WORKDIR /src
`,
      good: `FROM debian:12
WORKDIR /src
`,
    },
  ],
  *check(input) {
    for (const { instruction, script } of input.build.scripts()) {
      const first = leadingCd(script);
      const folder = first?.arguments[0];
      if (first && folder?.isLiteral && folder.value !== "-")
        yield { span: first.span, data: { instruction, script, first, folder: folder.value } };
    }
  },
  message: ({ folder }) => `cd has no effect after this RUN; use WORKDIR ${folder}`,
  fixSafety: "unsafe",
  fix({ data: { instruction, script, first, folder } }, { build: { file } }) {
    if (script.form === "heredoc" || instruction.trigger || script.hasErrors || /\s/.test(folder)) return undefined;
    const workdir = `WORKDIR ${folder}`;
    const rest = startOfRest(file, script, first);
    if (rest === undefined) return { title: `Use ${workdir}`, changes: [{ span: instruction.span, text: workdir }] };
    const start = instruction.span.start;
    const line = `${workdir}${newlineOf(file)}${indentationAt(file, start)}`;
    return {
      title: `Use ${workdir}`,
      changes: [
        { span: { start, end: start }, text: line },
        { span: { start: first.span.start, end: rest }, text: "" },
      ],
    };
  },
});

/** The start of the next command; anything in between, such as `{` or `(`, is kept. */
function startOfRest({ text }: Dockerfile, { commands, end }: ShellScript, first: ShellCommand): number | undefined {
  if (commands.length === 1) return undefined;
  return first.span.end + (/^[\s\\`]*(?:&&|;)[\s\\`]*/.exec(text.slice(first.span.end, end))?.[0].length ?? 0);
}

/** The only change of folder in a script, if everything after it depends on it. */
function leadingCd({ commands }: ShellScript): ShellCommand | undefined {
  const [first, second] = commands;
  if (first?.name !== "cd" || first.nesting.length > 0 || first.arguments.length !== 1) return undefined;
  const isOnly = commands.filter(({ name }) => name === "cd" || name === "pushd").length === 1;
  return isOnly && (!second || second.joinedBy === "&&" || second.joinedBy === ";") ? first : undefined;
}
