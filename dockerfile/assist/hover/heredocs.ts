import type { Dockerfile } from "../../syntax/syntax.ts";
import { counted } from "../../../oci/core/text.ts";
import type { Located } from "../locate.ts";
import { code, paragraphs } from "./markdown.ts";

/** Explains a heredoc at its start and end, but not on its lines. */
export function hoverHeredoc(
  { text }: Dockerfile,
  { heredoc, part, instruction }: Extract<Located, { readonly kind: "heredoc" }>,
): string | undefined {
  if (part === "body") return undefined;
  const { name, isExpanded, stripsTabs, body, end } = heredoc;
  const lines = text.slice(body.start, body.end).split("\n").length - (text[body.end - 1] === "\n" ? 1 : 0);
  const use = instruction.keyword.value === "RUN" ? "input or script of the command" : "content of a file";
  return paragraphs(
    `Heredoc ${code(name)}: ${counted(body.end > body.start ? lines : 0, "line")}, ${use}.`,
    isExpanded
      ? "Variables in it are expanded; quote its name to keep them as they are."
      : "Variables in it are kept as they are, since its name is quoted.",
    stripsTabs ? "Leading tabs of its lines are removed (`<<-`)." : undefined,
    end ? undefined : "**It has no end**: the line that holds only its name is missing.",
  );
}
