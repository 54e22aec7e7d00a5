import { bake } from "./bake/bake.ts";
import { compose } from "./compose.ts";
import { devcontainer } from "./devcontainer.ts";
import { dockerfile } from "./dockerfile.ts";
import type { FileKind } from "./fileKind.ts";
import { workflow } from "./workflow.ts";

/** Every kind of file that names images. A file is of the first kind that matches its path. */
export const fileKinds: readonly FileKind[] = [dockerfile, compose, bake, devcontainer, workflow];

/** The kind of a file by its path, with `/` between folders. Defaults to a Bake file for HCL, else to a Dockerfile. */
export function fileKindOf(path: string): FileKind {
  return fileKinds.find((kind) => kind.isNamed(path)) ?? (/\.hcl$/i.test(path) ? bake : dockerfile);
}
