import { renamableAt, renameAt, type Renamable, type Renaming } from "../../../dockerfile/navigation/rename.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** The name at an offset of a Dockerfile that can be changed. */
export function renamable({ build }: Snapshot, offset: number): Renamable | undefined {
  return renamableAt(build, offset);
}

/** Renames the stage or variable at an offset of a Dockerfile. */
export function rename({ build }: Snapshot, offset: number, name: string): Renaming | undefined {
  return renameAt(build, offset, name);
}
