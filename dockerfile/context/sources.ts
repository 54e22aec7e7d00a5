import { compileGoMatch, hasWildcard } from "./goMatch.ts";
import type { ContextFile, ContextFilesFact } from "../facts/fact.ts";

/** What a source of COPY or ADD stands for in the build context. */
export interface MatchedSource {
  readonly source: string;
  /** What the source names: one file or directory, or every match of a pattern. Ignored files are not among them. */
  readonly matched: readonly ContextFile[];
  /** All regular files that are copied for it, each path once. */
  readonly files: readonly ContextFile[];
}

/** Finds the files of a COPY source as BuildKit does: cleaned to the context's root, patterns by Go's filepath.Match, a directory for all below it. */
export function matchSource({ files }: ContextFilesFact, source: string): MatchedSource {
  const sent = files.filter(({ isIgnored }) => !isIgnored);
  const clean = cleanSource(source);
  if (clean === "") return { source, matched: [], files: sent.filter(isFile) };
  const pattern = hasWildcard(clean) ? compileGoMatch(clean) : undefined;
  const matched = sent.filter(({ path }) => (pattern ? pattern.test(path) : path === clean));
  return { source, matched, files: contentOf(sent, matched) };
}

/** True where the source names the context as a whole. */
export function isWholeContext(source: string): boolean {
  return cleanSource(source) === "";
}

/** Relative to the context's root; `..` stops there, as a build can't leave its context. */
function cleanSource(source: string): string {
  const parts: string[] = [];
  for (const part of source.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function contentOf(sent: readonly ContextFile[], matched: readonly ContextFile[]): ContextFile[] {
  const found = new Map<string, ContextFile>();
  const folders = matched.filter(({ kind }) => kind === "directory").map(({ path }) => `${path}/`);
  for (const file of matched) {
    const target = file.kind === "symlink" ? followed(sent, file) : file;
    if (target?.kind === "file") found.set(file.path, target);
  }
  if (folders.length > 0) {
    for (const file of sent) {
      if (file.kind === "file" && folders.some((folder) => file.path.startsWith(folder))) found.set(file.path, file);
    }
  }
  return [...found.values()];
}

/** A link named as a source is followed, within the context; links inside a copied directory stay links. */
function followed(sent: readonly ContextFile[], link: ContextFile): ContextFile | undefined {
  let current: ContextFile | undefined = link;
  // As many hops as Linux follows before it says ELOOP.
  for (let hops = 0; hops < 40 && current?.kind === "symlink"; hops++) {
    const folder = current.path.split("/").slice(0, -1).join("/");
    const target: string = current.linkTarget ?? "";
    const path: string = cleanSource(target.startsWith("/") ? target : `${folder}/${target}`);
    current = sent.find((file) => file.path === path);
  }
  return current;
}

function isFile({ kind }: ContextFile): boolean {
  return kind === "file";
}
