import { failure, success, type Result } from "../../core/error.ts";
import type { TreeNode } from "../../core/layerTree.ts";
import type { FileReader, LayerReader, Progress } from "../../source/source.ts";
import { nodeAt, type FileSystem, type FileSystemRequest, type FileSystems } from "../fileSystem.ts";
import { createDraftFolder, type DraftFolder } from "./draftFolder.ts";
import { planExtraction, type ExtractionPlan, type Omitted } from "./plan.ts";
import { writeFiles } from "./writeFiles.ts";

export interface ExtractRequest<Source> extends FileSystemRequest<Source> {
  /** A file, or a folder with all its content; symlinks to it are followed inside the image. */
  readonly path: string;
  /** The folder in which it is written under its own name; for the image's root, its content is written there. */
  readonly folder: string;
}

/** The result of an extraction. */
export interface Extraction {
  /** The name in the folder; empty for the image's root. */
  readonly name: string;
  readonly files: number;
  readonly folders: number;
  readonly symlinks: number;
  readonly bytes: number;
  /** The first of the omitted entries. */
  readonly omitted: readonly Omitted[];
  readonly omittedCount: number;
}

const maxOmitted = 1000; // More is too long to read.

/**
 * Writes a file or folder of an image's file system to disk: all of it, or nothing on failure. Writing never leaves the
 * folder and never replaces an existing file. Owners, setuid bits, extended attributes, devices and pipes are not
 * carried over; symlinks are, if their target is extracted too.
 */
export async function extract(
  { fileSystems, ...request }: ExtractRequest<LayerReader & FileReader> & { readonly fileSystems: FileSystems },
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<Extraction>> {
  const read = await fileSystems.read(request, onProgress, signal);
  if (!read.ok) return read;
  const [problem] = read.value.problems.values();
  // The effect of an unreadable layer is unknown: it might remove or restore files.
  if (problem) return failure(problem);
  const top = nodeAt(read.value.root, request.path);
  if (!top.ok) return top;
  const name = top.value.path === "" ? "" : nameOf(request.path, top.value);
  const plan = planExtraction(read.value.root, { top: top.value, name, platform: process.platform });
  if (plan.files.length + plan.folders.length + plan.symlinks.length === 0 && plan.omitted[0])
    return failure({ kind: "unsupported", what: request.path, message: plan.omitted[0].reason });
  return inDraft(request.folder, (draft) => writeAll({ draft, plan, name, request, onProgress }, read.value, signal));
}

/** The requested name, if the path ends in one. */
function nameOf(path: string, { name }: TreeNode): string {
  const last = path.replace(/\/+$/, "").replace(/^.*\//, "");
  return last === "" || last === "." || last === ".." ? name : last;
}

interface Writing {
  readonly draft: DraftFolder;
  readonly plan: ExtractionPlan;
  readonly name: string;
  readonly request: ExtractRequest<LayerReader & FileReader>;
  readonly onProgress: (progress: Progress) => void;
}

async function inDraft(
  folder: string,
  write: (draft: DraftFolder) => Promise<Result<Extraction>>,
): Promise<Result<Extraction>> {
  let draft: DraftFolder | undefined;
  try {
    draft = createDraftFolder(folder);
    const written = await write(draft);
    if (!written.ok) return written;
    const taken = draft.moveIntoPlace();
    if (taken.length === 0) return written;
    const message = `it already has ${taken.slice(0, 3).join(", ")}${taken.length > 3 ? ", …" : ""}; remove it or choose another folder`;
    return failure({ kind: "unsupported", what: folder, message });
  } catch (thrown) {
    if (thrown instanceof DOMException || !(thrown instanceof Error) || !("code" in thrown)) throw thrown;
    return failure({ kind: "unsupported", what: folder, message: `it can't be written to: ${thrown.message}` });
  } finally {
    draft?.remove();
  }
}

async function writeAll(writing: Writing, system: FileSystem, signal: AbortSignal): Promise<Result<Extraction>> {
  const { draft, plan } = writing;
  const omitted = [...plan.omitted];
  for (const { to, entry } of plan.folders) {
    const problem = draft.makeFolder(to);
    // On a case-insensitive disk, the other folder receives the content of this one.
    if (problem !== undefined) omitted.push({ path: entry?.path ?? to, reason: problem });
  }
  const { request, onProgress } = writing;
  const files = await writeFiles({ ...request, draft, plan, system, omitted, onProgress }, signal);
  if (!files.ok) return files;
  let symlinks = 0;
  for (const { to, target } of plan.symlinks) {
    const problem = draft.symlink(to, target);
    if (problem === undefined) symlinks++;
    else omitted.push({ path: to, reason: problem });
  }
  for (const { to, entry } of [...plan.folders].reverse())
    if (entry) draft.finishFolder(to, { mode: entry.mode, mtimeMs: entry.mtimeMs });
  return success({
    name: writing.name,
    ...files.value,
    folders: plan.folders.length,
    symlinks,
    omitted: omitted.slice(0, maxOmitted),
    omittedCount: omitted.length,
  });
}
