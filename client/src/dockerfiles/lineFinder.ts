import type { Image } from "../../../oci/core/image.ts";
import type { LayerLines } from "../../../media/protocol/messages.ts";
import { neverAborted } from "../sources/source.ts";
import { workspaceDockerfiles } from "./editor.ts";
import { findViewLines, type LineFinder } from "./imageLines.ts";

/** Finds the lines of an image's layers in the workspace. A failure is reported, and no line is known then. */
export function createLineFinder(
  sources: LineFinder["sources"],
  server: LineFinder["server"],
  onFailure: (error: unknown) => void,
): (sourceId: string, image: Image) => Promise<LayerLines | undefined> {
  const finder = { sources, server, dockerfiles: workspaceDockerfiles };
  return async (sourceId, image) => {
    try {
      return await findViewLines({ sourceId, image }, finder, neverAborted());
    } catch (error) {
      onFailure(error);
      return undefined;
    }
  };
}
