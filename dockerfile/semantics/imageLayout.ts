import { copySourcesOf } from "../context/copySources.ts";
import { isWholeContext } from "../context/matchSource.ts";
import type { Instruction, Stage } from "../syntax/syntax.ts";
import type { Build, Copy } from "./build.ts";
import { parentOf, resolveFrom, rootFolder, unknownBaseFolder, type ImagePath } from "./imagePaths.ts";

type LayoutInput = Pick<Build, "file" | "scopes" | "expand" | "stageChain" | "baseName" | "baseConfig">;

/** The working folders and destinations of a file's instructions, followed stage by stage at first use. */
export type ImageLayout = Pick<Build, "workingFolder" | "copy">;

export function createLayout(build: LayoutInput): ImageLayout {
  const stages = new Map<number, StageLayout>();
  const layoutOf = ({ stageIndex }: Instruction): StageLayout | undefined => {
    if (!stages.has(stageIndex))
      for (const stage of build.stageChain(build.file.stages[stageIndex]).toReversed())
        if (!stages.has(stage.index)) stages.set(stage.index, layOut(build, stage, stages));
    return stages.get(stageIndex);
  };
  return {
    workingFolder: (instruction) => layoutOf(instruction)?.workingFolders.get(instruction.index),
    copy: (instruction) =>
      instruction.keyword.value === "COPY" || instruction.keyword.value === "ADD"
        ? layoutOf(instruction)?.copies.get(instruction)
        : undefined,
  };
}

interface StageLayout {
  /** By the instruction's index. */
  readonly workingFolders: ReadonlyMap<number, ImagePath | undefined>;
  readonly copies: ReadonlyMap<Instruction, Copy>;
  readonly lastFolder: ImagePath | undefined;
  /** The folders that exist at the stage's end. */
  readonly folders: Folders;
}

function layOut(build: LayoutInput, stage: Stage, earlier: ReadonlyMap<number, StageLayout>): StageLayout {
  const base = earlier.get(build.scopes.baseStage(stage)?.index ?? -1);
  const workingFolders = new Map<number, ImagePath | undefined>();
  const copies = new Map<Instruction, Copy>();
  const folders = createFolders(base?.folders);
  let folder = base ? base.lastFolder : baseFolder(build, stage);
  folders.add(folder);
  for (const instruction of stage.instructions) {
    workingFolders.set(instruction.index, folder);
    if (instruction.keyword.value === "WORKDIR") {
      const path = build.expand(instruction, instruction.rest)?.trim();
      folder = path === undefined ? undefined : resolveFrom(folder, path);
      folders.add(folder);
    }
    const copy = copyOf(build, instruction, { folder, folders });
    if (!copy) continue;
    copies.set(instruction, copy);
    folders.add(copy.destination && (isFolderAfter(copy) ? copy.destination : parentOf(copy.destination)));
  }
  return { workingFolders, copies, lastFolder: folder, folders };
}

function baseFolder(build: LayoutInput, root: Stage): ImagePath {
  if (build.baseName(root) === "scratch") return rootFolder;
  const config = build.baseConfig(root);
  return config ? (resolveFrom(rootFolder, config.workingDir) ?? unknownBaseFolder) : unknownBaseFolder;
}

interface Place {
  readonly folder: ImagePath | undefined;
  readonly folders: Folders;
}

function copyOf(build: LayoutInput, instruction: Instruction, { folder, folders }: Place): Copy | undefined {
  const last = instruction.arguments.at(-1);
  const copied = last && copySourcesOf(build.file, instruction, build.scopes.lookup(instruction));
  if (!copied || copied.sources.length === 0) return undefined;
  const written = build.expand(instruction, last.logical);
  const destination = written === undefined ? undefined : resolveFrom(folder, written);
  const isIntoFolder =
    copied.sources.length > 1 ||
    // A path that ends in `/`, `.` or `..` is a folder, as is an empty path: the working folder.
    (written !== undefined && /(?:^|\/)\.{0,2}$/.test(written)) ||
    (destination !== undefined && folders.has(destination));
  return { ...copied, instruction, isIntoFolder, ...(destination && { destination }) };
}

/** True if the destination is certainly a folder after the copy. */
function isFolderAfter({ isIntoFolder, isFromContext, sources }: Copy): boolean {
  return isIntoFolder || (isFromContext && sources.some(({ text }) => text !== undefined && isWholeContext(text)));
}

/** The folders of an image that the lines so far are known to have created or found. */
interface Folders {
  has(path: ImagePath): boolean;
  /** Those of this stage alone, by key. */
  readonly own: ReadonlySet<string>;
  readonly below: Folders | undefined;
  /** Adds a folder and those above it. */
  add(path: ImagePath | undefined): void;
}

function createFolders(below: Folders | undefined): Folders {
  const keys = new Set<string>(["root:/", "base:"]);
  const keyOf = ({ from, path }: ImagePath): string => `${from}:${path}`;
  return {
    own: keys,
    below,
    has: (path) => hasKey(keys, below, keyOf(path)),
    add(path) {
      for (let next = path; next && !keys.has(keyOf(next)); next = parentOf(next)) keys.add(keyOf(next));
    },
  };
}

function hasKey(own: ReadonlySet<string>, below: Folders | undefined, key: string): boolean {
  if (own.has(key)) return true;
  let left = maxDepth;
  for (let next = below; next && left > 0; next = next.below, left--) if (next.own.has(key)) return true;
  return false;
}

/** The number of stages below that are searched: engines store at most 128 layers. */
const maxDepth = 200;
