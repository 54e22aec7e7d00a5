import type { Heredoc } from "../../syntax/syntax.ts";
import { exactly, type Estimator } from "../estimator.ts";

/** A heredoc of COPY or ADD is a file whose content stands in the Dockerfile. */
const heredocFile: Estimator = {
  id: "heredoc-file",
  trust: "computed",
  summary: "COPY and ADD of heredocs: the text between the markers",
  sources: ["https://docs.docker.com/reference/dockerfile/#here-documents"],
  examples: [
    {
      file: "FROM scratch\n            ^ 0 B\nCOPY <<-EOF /etc/motd\n                     ^ 6 B\n\thello\nEOF\n   ^ total 6 B\n",
      facts: [],
    },
  ],
  needs({ instruction, build: { file } }) {
    const { keyword, heredocs } = instruction;
    const isCopy = keyword.value === "COPY" || keyword.value === "ADD";
    // All arguments but the last are sources.
    if (!isCopy || heredocs.length === 0 || heredocs.length !== instruction.arguments.length - 1) return undefined;
    const dependsOnVariables = heredocs.some(
      (heredoc) => heredoc.isExpanded && content(file.text, heredoc).includes("$"),
    );
    return dependsOnVariables ? { unknown: "the heredoc's text depends on variables" } : [];
  },
  estimate: ({ instruction, build: { file } }) =>
    exactly(
      instruction.heredocs.reduce((sum, heredoc) => sum + utf8Length(content(file.text, heredoc)), 0),
      "the heredoc's text",
    ),
};

export default heredocFile;

function content(text: string, { body, stripsTabs }: Heredoc): string {
  const written = text.slice(body.start, body.end);
  return stripsTabs ? written.replace(/^\t+/gm, "") : written;
}

/** Bytes of the text in UTF-8; a lone surrogate counts as the replacement character it is written as. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
