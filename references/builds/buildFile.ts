import type { HclReader } from "../in/bake/bakeFile.ts";
import type { FileKind } from "../in/fileKind.ts";
import { bakeBuilds } from "./bakeBuilds.ts";
import { composeBuilds } from "./composeBuilds.ts";
import type { BuildFile } from "./definition.ts";
import { devcontainerBuilds } from "./devcontainerBuilds.ts";
import { workflowBuilds } from "./workflowBuilds.ts";

/** Reads the builds of a file of any kind; a Dockerfile on its own has none. */
export async function readBuildFile(
  kind: FileKind["name"],
  text: string,
  loadHcl: () => Promise<HclReader>,
): Promise<BuildFile> {
  switch (kind) {
    case "compose":
      return composeBuilds(text);
    case "bake":
      return bakeBuilds(text, loadHcl);
    case "workflow":
      return workflowBuilds(text);
    case "devcontainer":
      return devcontainerBuilds(text);
    case "dockerfile":
      return { base: "folder", builds: [] };
  }
}
