import { formatBytes } from "../../../oci/core/bytes.ts";
import { imageTree } from "../../semantics/files/tree/imageTree.ts";
import { listFolder, type FolderEntry, type FolderListing } from "../../semantics/files/listFolder.ts";
import { cleanPath } from "../../syntax/cleanPath.ts";
import { noOffer, type Completion, type CompletionInput, type Offer } from "./completion.ts";
import { isWritable, maxEntries, type TypedPath } from "./paths.ts";

/** The source that `--from` names. */
export interface PathSource {
  /** The name or number of a stage, or an image. */
  readonly from: string;
  /** The stage of the instruction. */
  readonly stageIndex: number | undefined;
}

/** The known entries of one folder of another stage or a local image, folders first. */
export function imagePathOffer(
  input: CompletionInput,
  source: PathSource,
  { span, typed, takesBlanks }: TypedPath,
): Offer & { readonly span: TypedPath["span"] } {
  const written = typed.slice(0, typed.lastIndexOf("/") + 1);
  const place = { start: span.start + written.length, end: span.end };
  if (/[*?[\]$\\]/.test(written)) return { ...noOffer, span: place };
  const listing = folderOf(input, source, cleanPath(`/${written}`));
  const entries = listing?.entries.filter(({ name }) => isWritable(name, takesBlanks)) ?? [];
  const sorted = [...entries].sort((a, b) => Number(b.kind === "directory") - Number(a.kind === "directory"));
  return {
    items: sorted.slice(0, maxEntries).map(itemOf),
    isIncomplete: !listing || entries.length > maxEntries,
    span: place,
  };
}

/** Undefined while the files are being looked up. */
function folderOf(
  { build, facts }: CompletionInput,
  { from, stageIndex = Infinity }: PathSource,
  path: string,
): FolderListing | undefined {
  const earlier = build.file.stages.filter(({ index }) => index < stageIndex);
  const stage = earlier.findLast(
    ({ name, index }) => name?.value.toLowerCase() === from.toLowerCase() || String(index) === from,
  );
  if (stage) return build.files().folder(stage.index, path);
  // Of the local image: a list of names is not worth a download.
  const { platform } = build;
  const files = facts.get({ kind: "imageFiles", reference: from, ...(platform !== undefined && { platform }) });
  if (files.state === "pending") return undefined;
  return files.state === "known" ? listFolder(imageTree(files.value), path) : { entries: [], isComplete: false };
}

function itemOf({ name, kind, bytes }: FolderEntry): Completion {
  if (kind === "directory") return { label: `${name}/`, kind: "folder", reopens: true };
  return { label: name, kind: "file", ...(bytes !== undefined && { detail: formatBytes(bytes) }) };
}
