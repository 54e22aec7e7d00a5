// Completion, hover, semantic tokens, rename and formatting at positions throughout a file: with the server's cached
// parse,
// after an edit (with parsing), and with dockerfile-language-service's functions, which parse at each call.
// In CPU time, of all threads, since other programs may keep the processor busy.
import { DockerfileLanguageServiceFactory } from "dockerfile-language-service";
import { TextDocument } from "vscode-languageserver-textdocument";
import { complete } from "../../dockerfile/assist/completion/complete.ts";
import { hoverAt } from "../../dockerfile/assist/hover/hover.ts";
import { semanticTokens } from "../../dockerfile/assist/semanticTokens.ts";
import { formatFile } from "../../dockerfile/format/format.ts";
import { renameAt } from "../../dockerfile/navigation/rename.ts";
import { createBuild } from "../../dockerfile/semantics/createBuild.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { knownFacts, shell } from "../support/dockerfile/check.ts";
import { print } from "./figures.ts";
import { fileOf } from "./dockerfiles/mixedFile.ts";

const facts = knownFacts([]);
const theirs = DockerfileLanguageServiceFactory.createLanguageService();
const places = 300;
const layout = {
  tabSize: 2,
  insertSpaces: true,
  keywordCase: "keep",
  insertsFinalNewline: true,
  trimsFinalNewlines: true,
} as const;

for (const lines of [300, 5_000]) {
  const text = fileOf(lines);
  const document = TextDocument.create("file:///Dockerfile", "dockerfile", 1, text);
  const inputOf = (content: string) => ({ build: createBuild(parse(content), shell, facts), facts });
  const kept = inputOf(text);
  const step = Math.floor(text.length / places);
  const offsets = Array.from({ length: places }, (_, index) => index * step);
  const all = { start: 0, end: text.length };
  const features = {
    completion: {
      ours: (input: typeof kept, offset: number) => void complete(input, offset),
      theirs: (offset: number) => void theirs.computeCompletionItems(text, document.positionAt(offset)),
    },
    hover: {
      ours: (input: typeof kept, offset: number) => void hoverAt(input, offset),
      theirs: (offset: number) => void theirs.computeHover(text, document.positionAt(offset)),
    },
    "hover of a stage": {
      ours: (input: typeof kept, offset: number) => void hoverAt(input, stageBefore(text, offset)),
      theirs: (offset: number) => void theirs.computeHover(text, document.positionAt(stageBefore(text, offset))),
    },
    "semantic tokens": {
      ours: (input: typeof kept) => void semanticTokens(input.build, all),
      theirs: () => void theirs.computeSemanticTokens(text),
    },
    rename: {
      ours: (input: typeof kept, offset: number) => void renameAt(input.build, variableBefore(text, offset), "other"),
      theirs: (offset: number) =>
        void theirs.computeRename(document, text, document.positionAt(variableBefore(text, offset)), "other"),
    },
    formatting: {
      ours: (input: typeof kept) => void formatFile(input.build, layout),
      theirs: () => void theirs.format(text, layout),
    },
  };
  for (const [name, { ours, theirs: other }] of Object.entries(features)) {
    p95(`${name}, ${lines} lines`, offsets, (offset) => ours(kept, offset));
    p95(`${name} after an edit, ${lines} lines`, fewer(offsets, lines), (offset) =>
      ours(inputOf(`${text}\n# ${offset}`), offset),
    );
    // Thousands of lines take it minutes for some of these.
    p95(`  dockerfile-language-service, ${lines} lines`, lines > 1_000 ? offsets.slice(150, 151) : offsets, other);
  }
}

/** The variable that was declared last before an offset. */
function variableBefore(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("VERSION", offset), text.indexOf("VERSION"));
}

/** The name of the stage around an offset. */
function stageBefore(text: string, offset: number): number {
  return Math.max(text.lastIndexOf("AS stage", offset), text.indexOf("AS stage")) + "AS ".length;
}

/** Reduces the positions: parsing thousands of lines at each one takes long. */
function fewer(offsets: readonly number[], lines: number): readonly number[] {
  return lines > 1_000 ? offsets.filter((_, index) => index % 10 === 0) : offsets;
}

function p95(label: string, offsets: readonly number[], work: (offset: number) => void): void {
  for (const offset of offsets) work(offset);
  const times = offsets.map((offset) => {
    const start = process.cpuUsage();
    work(offset);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  times.sort((a, b) => a - b);
  print(
    label,
    times[Math.floor(times.length * 0.95)] ?? 0,
    `p95 of ${times.length}, max ${(times.at(-1) ?? 0).toFixed(2)} ms`,
  );
}
