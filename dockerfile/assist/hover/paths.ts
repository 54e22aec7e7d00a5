import { formatBytes } from "../../../oci/core/bytes.ts";
import { counted } from "../../../oci/core/text.ts";
import { countCopied } from "../../context/matchSource.ts";
import { unreadBy } from "../../context/unreadFolders.ts";
import { parseIgnoreFile } from "../../patterns/ignoreFile.ts";
import type { ContextSource } from "../../semantics/contextSources.ts";
import type { Word } from "../../syntax/syntax.ts";
import type { CompletionInput } from "../completion/completion.ts";
import { code, paragraphs } from "./markdown.ts";

// A longer list of patterns wouldn't explain anything.
const maxPatterns = 5;

/**
 * Describes the files that a source of COPY, ADD or a bind mount takes from the build context; undefined for a word
 * that isn't a source.
 */
export function hoverPath({ build, facts }: CompletionInput, word: Word): string | undefined {
  const path = build.contextPaths().find(({ span }) => span.start === word.span.start && span.end === word.span.end);
  if (!path) return undefined;
  const fact = facts.get({ kind: "contextFiles" });
  const title = `${code(path.text)} in the build context`;
  if (fact.state === "pending") return paragraphs(title, "The files are being listed.");
  if (fact.state === "unavailable") return paragraphs(title, `Not known: ${fact.reason}.`);
  if (fact.value.isTruncated) return paragraphs(title, "Not known: there are too many files to list.");
  const unread = unreadBy(fact.value, path.text, path.style);
  if (unread !== undefined) return paragraphs(title, `Not known: ${unread}.`);
  const source = build.contextSources().find(({ span }) => span.start === word.span.start);
  return source && paragraphs(title, contentOf(source), ignoredIn(source));
}

function contentOf({ context, match, excludes }: ContextSource): string {
  const { count, bytes } = countCopied(context, [match], excludes);
  if (count === 0 && match.ignored.length === 0 && match.matched.length === 0 && match.path !== "")
    return "No such file or folder.";
  return `${counted(count, "file")}, ${formatBytes(bytes)}${excludes.length > 0 ? ", `--exclude` left out" : ""}`;
}

/** The patterns of the ignore file that exclude part of it. */
function ignoredIn({ context, index, match }: ContextSource): string | undefined {
  const { ignoreFile, ignoreText } = context;
  if (ignoreFile === undefined || ignoreText === undefined) return undefined;
  const ignore = parseIgnoreFile(ignoreText);
  const positions = [
    ...match.ignored,
    ...match.ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)),
  ];
  const counts = new Map<string, number>();
  for (const at of positions) {
    const file = index.files[at];
    if (!file?.isIgnored) continue;
    const pattern = ignore.decidingPattern(file.path)?.text;
    if (pattern !== undefined) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  }
  if (counts.size === 0) return undefined;
  const patterns = [...counts].sort((a, b) => b[1] - a[1]).slice(0, maxPatterns);
  const lines = patterns.map(([pattern, count]) => `- ${code(pattern)}: ${counted(count, "path")}`);
  return `Ignored by ${code(ignoreFile)}:\n${lines.join("\n")}`;
}
