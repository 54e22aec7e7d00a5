import { indexOf } from "../../context/contextIndex.ts";
import { excessOf } from "../../context/matchSource.ts";
import { unreadBy } from "../../context/unreadFolders.ts";
import { remoteKind } from "../../context/remote.ts";
import type { ArchivesFact, ContextFilesFact, FactKey } from "../../facts/fact.ts";
import { usesWith, type StageSource } from "../../syntax/stages.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { Build, Copy } from "../build.ts";
import { placeArchive } from "./archivePlacement.ts";
import {
  findInContext,
  placeFound,
  placeWithParents,
  type ContextCopy,
  type FoundSource,
} from "./contextPlacements.ts";
import { textsOf, type CopyTexts } from "./copyTexts.ts";
import { downloadKeys, placeDownload } from "./downloads.ts";
import type { Copied } from "./files.ts";
import { imageFilesKey } from "./imageListing.ts";
import { joinPath, type Unknown } from "./imageFile.ts";
import { bytesPlaced, placementOf, type Placement, type Target } from "./placement.ts";
import { imageTree } from "./tree/imageTree.ts";
import { takeFromStage } from "./stageFiles.ts";
import type { Tree } from "./tree/tree.ts";
import { utf8Length } from "../../context/utf8Length.ts";

/** Results for the instructions of one build; each is computed once. */
export interface CopyReader {
  /** The facts needed to determine what an instruction copies, as far as the known facts show. */
  needs(instruction: Instruction): readonly FactKey[] | Unknown;
  /** Call it only if everything in `needs` is known. */
  copied(instruction: Instruction): Copied | Unknown;
  /** The index of the stage that it copies from, if any. */
  stageOf(instruction: Instruction): number | undefined;
  /** Recomputes everything, because more is known about the stages. */
  forget(): void;
}

const contextKey = { kind: "contextFiles" } as const;

/** The source of earlier stages' files. */
export interface StageReader {
  needs(stageIndex: number): readonly FactKey[] | Unknown;
  filesAfter(stageIndex: number): Tree;
  /** The stage or image in the `--from` of a COPY. */
  sourceOf(instruction: Instruction): StageSource | undefined;
}

export function createCopyReader(build: Build, filesOfStages: Omit<StageReader, "sourceOf">): CopyReader {
  const known = new Map<Instruction, Copied | Unknown>();
  let sources: ReadonlyMap<Instruction, StageSource> | undefined;
  const stages: StageReader = {
    ...filesOfStages,
    sourceOf: (instruction) => (sources ??= copySources(build)).get(instruction),
  };
  return {
    needs: (instruction) => needsOf(build, instruction, stages),
    stageOf(instruction) {
      const from = build.copy(instruction)?.isFromContext === false ? sourceOf(stages, instruction) : undefined;
      return from && "stageIndex" in from ? from.stageIndex : undefined;
    },
    forget: () => known.clear(),
    copied(instruction) {
      const before = known.get(instruction);
      if (before) return before;
      const copied = read(build, instruction, stages);
      known.set(instruction, copied);
      return copied;
    },
  };
}

function needsOf(build: Build, instruction: Instruction, stages: StageReader): readonly FactKey[] | Unknown {
  const copy = build.copy(instruction);
  if (!copy) return { unknown: "it has no sources" };
  const texts = textsOf(build, copy);
  if ("unknown" in texts) return texts;
  if (texts.paths.length === 0) return [];
  if (!copy.isFromContext) {
    const from = sourceOf(stages, instruction);
    if ("unknown" in from) return from;
    return "image" in from ? [imageFilesKey(build, from.image)] : stages.needs(from.stageIndex);
  }
  const downloads = downloadKeys(copy, texts);
  if ("unknown" in downloads) return downloads;
  if (downloads.length === texts.paths.length) return downloads;
  const archives = archivesKey(build, copy, texts);
  return [...downloads, contextKey, ...(archives ? [archives] : [])];
}

function copySources(build: Build): ReadonlyMap<Instruction, StageSource> {
  const copies = usesWith(build.file, build.scopes).filter(({ by }) => by === "copy");
  return new Map(copies.map(({ instruction, source }) => [instruction, source]));
}

/** The stage or image that `--from` names. */
function sourceOf(
  stages: StageReader,
  instruction: Instruction,
): { readonly stageIndex: number } | { readonly image: string } | Unknown {
  const source = stages.sourceOf(instruction);
  switch (source?.kind) {
    case "stage":
      return source.stage.index < instruction.stageIndex
        ? { stageIndex: source.stage.index }
        : { unknown: "it copies from a stage that is built later" };
    case "image":
      return { image: source.reference };
    default:
      return { unknown: "what it copies from is not known" };
  }
}

/** Undefined while the context is unknown, and if nothing can be an archive. */
function archivesKey(
  build: Build,
  copy: Copy,
  texts: CopyTexts,
): Extract<FactKey, { readonly kind: "archives" }> | undefined {
  const context = build.facts.get(contextKey);
  if (copy.instruction.keyword.value !== "ADD" || context.state !== "known") return undefined;
  const { files } = indexOf(context.value);
  const paths = texts.paths.flatMap((path) => {
    const found = findInContext(contextCopy(copy, context.value), path);
    if ("unknown" in found) return [];
    return found.flatMap(({ position }) => {
      const file = position === undefined ? undefined : files[position];
      return file?.kind === "file" && file.bytes > 0 ? [file.path] : [];
    });
  });
  return paths.length === 0 ? undefined : { kind: "archives", paths: [...new Set(paths)].sort() };
}

function contextCopy({ style, excludes }: Copy, context: ContextFilesFact): ContextCopy {
  return { context, style, excludes };
}

function read(build: Build, instruction: Instruction, stages: StageReader): Copied | Unknown {
  const copy = build.copy(instruction);
  const texts = copy && textsOf(build, copy);
  if (!copy || !texts) return { unknown: "it has no sources" };
  if ("unknown" in texts) return texts;
  const excess = excessIn(build, copy);
  if (excess) return excess;
  const at = copy.destination?.path ?? unknownPlace;
  const target: Target = { at, isFolder: copy.isIntoFolder };
  const placements = placePaths(build, { copy, texts, stages }, target);
  if ("unknown" in placements) return placements;
  const all = [...placements, ...texts.heredocs.map((heredoc) => placeHeredoc(heredoc, target))];
  return {
    placements: all,
    bytes: () => rememberedBytes(build, { copy, texts, stages }, all),
    assumedUnset: texts.assumedUnset,
  };
}

function excessIn(build: Build, { excludes }: Copy): Unknown | undefined {
  const context = build.facts.get(contextKey);
  const excess = context.state === "known" ? excessOf(context.value, excludes) : undefined;
  return excess === undefined ? undefined : { unknown: `it has ${excess}` };
}

/**
 * The size, remembered: sources that land in each other's folders are merged once per state of the context, instead of
 * on each keystroke.
 */
function rememberedBytes(build: Build, { copy, texts }: CopyInput, placements: readonly Placement[]): number {
  const context = build.facts.get(contextKey);
  const isOfContext = copy.isFromContext && copy.instruction.keyword.value === "COPY" && context.state === "known";
  if (!isOfContext || placements.length < 2) return bytesPlaced(placements);
  const { style, excludes, isIntoFolder, destination } = copy;
  const name = `placed ${JSON.stringify([texts.paths, texts.heredocs, style, excludes, isIntoFolder, destination])}`;
  return indexOf(context.value).memo(name, () => bytesPlaced(placements));
}

/** Isn't a path of an image: files there only meet files of the same instruction. */
export const unknownPlace = "\0";

interface CopyInput {
  readonly copy: Copy;
  readonly texts: CopyTexts;
  readonly stages: StageReader;
}

function placePaths(build: Build, input: CopyInput, target: Target): readonly Placement[] | Unknown {
  const { copy, texts, stages } = input;
  if (texts.paths.length === 0) return [];
  if (!copy.isFromContext) {
    const files = filesOf(build, stages, copy.instruction);
    return "unknown" in files ? files : takeFromStage(files, texts.paths, { copy, target });
  }
  const downloads = downloadKeys(copy, texts);
  if ("unknown" in downloads) return downloads;
  if (downloads.length === texts.paths.length)
    return placeEach(texts.paths, (url) => placeDownload(build, url, target));
  const context = build.facts.get(contextKey);
  if (context.state !== "known")
    return { unknown: context.state === "unavailable" ? context.reason : "the build context is not known yet" };
  if (context.value.isTruncated)
    return { unknown: `the build context ${context.value.root} has more files than are counted` };
  const unread = texts.paths
    .map((path) => unreadBy(context.value, path, copy.style))
    .find((reason) => reason !== undefined);
  if (unread !== undefined) return { unknown: unread };
  const archives = archivesOf(build, input);
  if ("unknown" in archives) return archives;
  const own = contextCopy(copy, context.value);
  if (downloads.length === 0) return placeFromContext(own, texts.paths, { target, archives });
  return placeEach(texts.paths, (path) =>
    remoteKind(path) ? placeDownload(build, path, target) : placeFromContext(own, [path], { target, archives }),
  );
}

/** The files of the stage or image that `--from` names. */
function filesOf(build: Build, stages: StageReader, instruction: Instruction): Tree | Unknown {
  const from = sourceOf(stages, instruction);
  if ("unknown" in from) return from;
  if ("stageIndex" in from) return stages.filesAfter(from.stageIndex);
  const listing = build.facts.get(imageFilesKey(build, from.image));
  if (listing.state === "known") return imageTree(listing.value);
  return { unknown: listing.state === "unavailable" ? listing.reason : `${from.image} is not read yet` };
}

type PlacedPath = readonly Placement[] | Unknown;

/** Each source on its own, in their order. */
function placeEach(paths: readonly string[], place: (path: string) => PlacedPath): PlacedPath {
  const placements: Placement[] = [];
  for (const path of paths) {
    const placed = place(path);
    if ("unknown" in placed) return placed;
    placements.push(...placed);
  }
  return placements;
}

function archivesOf(build: Build, { copy, texts }: CopyInput): ArchivesFact | Unknown {
  const key = archivesKey(build, copy, texts);
  const fact = key && build.facts.get(key);
  if (!fact) return { files: [] };
  if (fact.state === "known") return fact.value;
  return { unknown: fact.state === "unavailable" ? fact.reason : "the archives are not read yet" };
}

interface ContextPlace {
  readonly target: Target;
  readonly archives: ArchivesFact;
}

function placeFromContext(
  copy: ContextCopy,
  paths: readonly string[],
  { target, archives }: ContextPlace,
): readonly Placement[] | Unknown {
  const placements: Placement[] = [];
  for (const path of paths) {
    const found = copy.style === "parents" ? [path] : findInContext(copy, path);
    if ("unknown" in found) return found;
    for (const source of found) {
      // The file put there first made it a folder.
      const isFolder = target.isFolder || placements.some((placed) => placed.isFolder && placed.at === target.at);
      const placed =
        typeof source === "string"
          ? placeWithParents(copy, source, target)
          : placeSource(copy, source, { target: { at: target.at, isFolder }, archives });
      if ("unknown" in placed) return placed;
      placements.push(placed);
    }
  }
  return placements;
}

function placeSource(copy: ContextCopy, source: FoundSource, { target, archives }: ContextPlace): Placement | Unknown {
  const path = source.position === undefined ? undefined : indexOf(copy.context).files[source.position]?.path;
  const archive = archives.files.find((file) => file.path === path);
  if (archive?.problem !== undefined) return { unknown: archive.problem };
  return archive?.members ? placeArchive(archive.members, target.at) : placeFound(copy, source, target);
}

function placeHeredoc({ name, content }: CopyTexts["heredocs"][number], { at, isFolder }: Target): Placement {
  const bytes = utf8Length(content);
  return placementOf(isFolder ? joinPath(at, name) : at, false, [["", { kind: "file", bytes, text: content }]], 0);
}
