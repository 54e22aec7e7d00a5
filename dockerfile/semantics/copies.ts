import { countCopied, matchSource } from "../context/matchSource.ts";
import type { Instruction, Word } from "../syntax/syntax.ts";
import { absolutePath, expanded, workingFolder } from "./paths.ts";
import type { LintInput } from "../lint/rule.ts";

/** What a COPY or ADD puts into the image. */
export interface Copy {
  readonly instruction: Instruction;
  /** Absolute, without a slash at its end. */
  readonly destination: string;
  /** The destination is a folder, by its slash or since there are several sources. */
  readonly isIntoFolder: boolean;
  readonly sources: readonly CopySource[];
}

export interface CopySource {
  readonly word: Word;
  /** Variables put in. */
  readonly text: string;
}

/** What an instruction copies; undefined where it is no COPY or ADD, or where it puts things is not known. */
export function copyOf(input: LintInput, instruction: Instruction): Copy | undefined {
  const { keyword, arguments: words } = instruction;
  const last = words.at(-1);
  if ((keyword.value !== "COPY" && keyword.value !== "ADD") || !last || words.length < 2) return undefined;
  const written = expanded(input.file, instruction, last.logical);
  const folder = written !== undefined && !written.startsWith("/") ? workingFolder(input, instruction) : undefined;
  const destination = written === undefined ? undefined : absolutePath(written, folder);
  if (written === undefined || destination === undefined) return undefined;
  const sources = words.slice(0, -1).flatMap((word) => {
    const text = expanded(input.file, instruction, word.logical);
    return text === undefined ? [] : [{ word, text }];
  });
  return { instruction, destination, isIntoFolder: words.length > 2 || /\/\.?$/.test(written), sources };
}

/** Whether what is copied is too small to matter in a layer: by the build context where it is known, else by what the names say. */
export function isSmallCopy({ facts }: LintInput, { instruction, sources }: Copy): boolean {
  const isFromContext = instruction.keyword.value === "COPY" && !instruction.flags.some(({ name }) => name === "from");
  const context = isFromContext ? facts.get({ kind: "contextFiles" }) : undefined;
  if (context?.state !== "known" || context.value.isTruncated) return sources.every(({ text }) => smallKind.test(text));
  const { count, bytes } = countCopied(
    context.value,
    sources.map(({ text }) => matchSource(context.value, text)),
    [],
  );
  return count === 0 ? sources.every(({ text }) => smallKind.test(text)) : bytes < smallBytes;
}

// What is smaller is not worth a line on the screen.
const smallBytes = 64 * 1024;

/** Scripts, settings, keys and lists of packages. */
const smallKind =
  /\.(?:sh|bash|py|pl|txt|md|json|ya?ml|toml|lock|conf|cnf|cfg|ini|env|list|sources|repo|pref|asc|gpg|pub|crt|pem|key|xml|properties|service|rules|patch|diff)$|(?:^|\/)(?:[\w.-]*entry-?point|healthcheck|run|start|init|crontab|Gemfile|Pipfile|Makefile|mvnw|gradlew)$/i;

/** Where a source ends up if it is a file; a folder's content goes right into the destination. */
export function placeOf({ destination, isIntoFolder }: Copy, { text }: CopySource): string {
  const name =
    text
      .replace(/[?#].*$/, "")
      .split("/")
      .at(-1) ?? "";
  return isIntoFolder ? `${destination === "/" ? "" : destination}/${name}` : destination;
}
