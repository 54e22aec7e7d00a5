import { failure, success, type OciError, type Result } from "../../core/error.ts";
import type { Image } from "../../core/image.ts";
import type { LayerEntry, TakeFile } from "../../core/entry.ts";
import type { FileReader, Progress } from "../../source/source.ts";
import { byCarrier, type FileSystem } from "../fileSystem.ts";
import type { DraftFolder, OpenedFile } from "./draftFolder.ts";
import type { ExtractionPlan, Omitted, PlannedFile } from "./plan.ts";

export interface FileWriting {
  readonly source: FileReader;
  readonly image: Image;
  readonly system: FileSystem;
  readonly plan: ExtractionPlan;
  readonly draft: DraftFolder;
  /** Receives the entries that can't be written here. */
  readonly omitted: Omitted[];
  readonly onProgress: (progress: Progress) => void;
}

/** Writes the planned files, reading each layer once. */
export async function writeFiles(
  writing: FileWriting,
  signal: AbortSignal,
): Promise<Result<{ readonly files: number; readonly bytes: number }>> {
  const { image, source } = writing;
  const total = { files: 0, bytes: 0 };
  const { layers, lost } = byCarrier(writing.plan.files, writing.system.contents, image);
  for (const { node } of lost)
    writing.omitted.push({ path: node.path, reason: "the layer that has its content is unknown" });
  for (const [diffId, files] of layers) {
    const wanted = new Map(
      [...files].flatMap(([path, named]) => {
        const file = wantedFile(named);
        return file ? [[path, file] as const] : [];
      }),
    );
    const read = await source.files(image, { diffId, take: takerOf(wanted, writing, total) }, signal);
    if (!read.ok) return read;
    for (const file of wanted.values()) {
      const problem = finishFile(file, writing);
      if (problem) return failure(problem);
      if (file.opened && !file.isOmitted) total.files += file.names.length;
    }
  }
  return success(total);
}

/** The first name gets the content; the others are links to it. */
interface WantedFile {
  /** The entry from the layer's first reading. */
  readonly entry: LayerEntry;
  readonly names: readonly string[];
  opened?: OpenedFile;
  isOmitted?: boolean;
}

function wantedFile(files: readonly PlannedFile[]): WantedFile | undefined {
  const node = files[0]?.node;
  const entry = node?.linked ?? node?.entry;
  return entry && { entry, names: files.map(({ to }) => to) };
}

function takerOf(
  wanted: ReadonlyMap<string, WantedFile>,
  { draft, onProgress, omitted }: FileWriting,
  total: { bytes: number },
): TakeFile {
  const omit = (file: WantedFile, reason: string): Result<undefined> => {
    omitted.push({ path: file.entry.path, reason });
    file.isOmitted = true;
    return success(undefined);
  };
  return ({ path }) => {
    const file = wanted.get(path);
    const name = file?.names[0];
    if (!file || name === undefined || file.isOmitted) return success(undefined);
    // Of several entries with the same path, the last counts.
    if (file.opened) draft.removeFile(name);
    const opened = draft.openFile(name, file.entry);
    if (typeof opened === "string") return omit(file, opened);
    file.opened = opened;
    let written = 0;
    const write = (chunk: Uint8Array): void => {
      opened.write(chunk);
      written += chunk.length;
      total.bytes += chunk.length;
      onProgress({ readBytes: total.bytes, label: "extracting" });
    };
    const end = (problem?: string): void => {
      opened.end();
      if (problem === undefined) return;
      total.bytes -= written;
      draft.removeFile(name);
      omit(file, problem);
    };
    return success({ write, end });
  };
}

/** Compares the written file with the layer's first reading, and creates the file's other names. */
function finishFile(
  { entry, names, opened, isOmitted }: WantedFile,
  { draft, omitted }: FileWriting,
): OciError | undefined {
  if (isOmitted) return undefined;
  const written = opened?.written();
  if (!written) {
    for (const path of names) omitted.push({ path, reason: "its layer has no content for it" });
    return undefined;
  }
  if (written.bytes !== entry.size || (entry.sha256 !== undefined && written.sha256 !== entry.sha256))
    return { kind: "digestMismatch", what: entry.path, message: "its content has changed since it was listed" };
  const [first = "", ...others] = names;
  for (const name of others) {
    const reason = draft.link(name, first);
    if (reason !== undefined) omitted.push({ path: name, reason });
  }
  return undefined;
}
