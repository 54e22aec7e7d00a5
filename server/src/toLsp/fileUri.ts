import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The URI of a file below a folder. */
export function fileUri({ root, path }: { readonly root: string; readonly path: string }): string {
  return pathToFileURL(join(root, path)).href;
}
