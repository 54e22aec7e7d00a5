import type { DiffId } from "../../core/digest.ts";
import { failure, success, type OciError, type Result } from "../../core/error.ts";
import type { Image } from "../../core/image.ts";
import type { TakeFile } from "../../core/entry.ts";
import type { FileReader, Progress } from "../../source/source.ts";
import { createCarriers, type Carrier, type FileSystem } from "../fileSystem.ts";
import type { DraftFolder, OpenedFile } from "./draftFolder.ts";
import type { ExtractionPlan, Omitted } from "./plan.ts";

export interface FileWriting {
  readonly source: FileReader;
  readonly image: Image;
  readonly system: FileSystem;
  readonly plan: ExtractionPlan;
  readonly draft: DraftFolder;
  /** Takes what can't be written here. */
  readonly omitted: Omitted[];
  readonly onProgress: (progress: Progress) => void;
}

/** Writes the planned files, each layer read once. */
export async function writeFiles(
  writing: FileWriting,
  signal: AbortSignal,
): Promise<Result<{ readonly files: number; readonly bytes: number }>> {
  const { image, source } = writing;
  const total = { files: 0, bytes: 0 };
  for (const [diffId, wanted] of wantedFiles(writing)) {
    const read = await source.files(image, { diffId, take: takerOf(wanted, writing, total) }, signal);
    if (!read.ok) return read;
    for (const file of wanted.values()) {
      const problem = finishFile(file, writing);
      if (problem) return failure(problem);
      if (file.opened) total.files += file.names.length;
    }
  }
  return success(total);
}

/** The first of the names gets the content, the others are links to it. */
interface WantedFile {
  readonly carrier: Carrier;
  readonly names: string[];
  opened?: OpenedFile | undefined;
  isOmitted?: boolean;
}

/** Planned files by the layer and the path in it that have their content. */
function wantedFiles({
  plan,
  system,
  image,
  omitted,
}: FileWriting): ReadonlyMap<DiffId, ReadonlyMap<string, WantedFile>> {
  const carrierOf = createCarriers(system.contents);
  const layers = new Map<DiffId, Map<string, WantedFile>>();
  for (const { to, node } of plan.files) {
    const carrier = carrierOf(node);
    const diffId = image.layers[carrier?.layerIndex ?? -1]?.diffId;
    if (!carrier || diffId === undefined) {
      omitted.push({ path: node.path, reason: "which layer has its content can't be told" });
      continue;
    }
    const layer = layers.get(diffId) ?? new Map<string, WantedFile>();
    layers.set(diffId, layer);
    const same = layer.get(carrier.entry.path);
    if (same) same.names.push(to);
    else layer.set(carrier.entry.path, { carrier, names: [to] });
  }
  return layers;
}

function takerOf(
  wanted: ReadonlyMap<string, WantedFile>,
  { draft, onProgress, omitted }: FileWriting,
  total: { bytes: number },
): TakeFile {
  const omit = (file: WantedFile, reason: string): Result<undefined> => {
    omitted.push({ path: file.carrier.entry.path, reason });
    file.isOmitted = true;
    return success(undefined);
  };
  return ({ path, isSparse }) => {
    const file = wanted.get(path);
    const name = file?.names[0];
    if (!file || name === undefined || file.isOmitted) return success(undefined);
    if (isSparse) return omit(file, "it is stored as a sparse file, whose holes are not filled here");
    // A later entry of the same path is the one that counts.
    if (file.opened) draft.removeFile(name);
    const opened = draft.openFile(name, file.carrier.entry);
    if (typeof opened === "string") return omit(file, opened);
    file.opened = opened;
    const write = (chunk: Uint8Array): void => {
      opened.write(chunk);
      total.bytes += chunk.length;
      onProgress({ readBytes: total.bytes, label: "extracting" });
    };
    return success({ write, end: opened.end });
  };
}

/** Compares what was written with what the layer's first reading found, and makes the file's other names. */
function finishFile(
  { carrier: { entry }, names, opened, isOmitted }: WantedFile,
  { draft, omitted }: FileWriting,
): OciError | undefined {
  if (isOmitted) return undefined;
  const written = opened?.written();
  if (!written) return { kind: "notFound", what: entry.path, message: "its layer has no content for it" };
  if (written.bytes !== entry.size || (entry.sha256 !== undefined && written.sha256 !== entry.sha256))
    return { kind: "digestMismatch", what: entry.path, message: "its content is not what it was before" };
  const [first = "", ...others] = names;
  for (const name of others) {
    const reason = draft.link(name, first);
    if (reason !== undefined) omitted.push({ path: name, reason });
  }
  return undefined;
}
