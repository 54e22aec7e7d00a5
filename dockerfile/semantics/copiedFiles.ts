import type { CopySource } from "../context/copySources.ts";
import { countCopied, matchSource } from "../context/matchSource.ts";
import type { Build, Copy } from "./build.ts";
import { absolute } from "./imagePaths.ts";

/**
 * The absolute path of a source in the image if it is a file; a folder's content goes directly into the destination.
 */
export function pathInImage({ destination, isIntoFolder }: Copy, { text }: CopySource): string | undefined {
  const path = absolute(destination);
  if (path === undefined || !isIntoFolder) return path;
  const name = text
    ?.replace(/[?#].*$/, "")
    .split("/")
    .at(-1);
  return name === undefined ? undefined : `${path === "/" ? "" : path}/${name}`;
}

/** True if the copied files are too small to matter in a layer: by the build context if known, else by their names. */
export function isSmallCopy({ facts }: Build, { instruction, sources, isFromContext }: Copy): boolean {
  const texts = sources.flatMap(({ text }) => text ?? []);
  const isMeasurable = instruction.keyword.value === "COPY" && isFromContext;
  const context = isMeasurable ? facts.get({ kind: "contextFiles" }) : undefined;
  if (context?.state !== "known" || context.value.isTruncated) return texts.every((text) => smallKind.test(text));
  const matches = texts.map((text) => matchSource(context.value, text));
  const { count, bytes } = countCopied(context.value, matches, []);
  return count === 0 ? texts.every((text) => smallKind.test(text)) : bytes < smallBytes;
}

// Smaller files aren't worth a line on the screen.
const smallBytes = 64 * 1024;

/** Scripts, settings, keys and lists of packages. */
const smallKind =
  /\.(?:sh|bash|py|pl|txt|md|json|ya?ml|toml|lock|conf|cnf|cfg|ini|env|list|sources|repo|pref|asc|gpg|pub|crt|pem|key|xml|properties|service|rules|patch|diff)$|(?:^|\/)(?:[\w.-]*entry-?point|healthcheck|run|start|init|crontab|Gemfile|Pipfile|Makefile|mvnw|gradlew)$/i;
