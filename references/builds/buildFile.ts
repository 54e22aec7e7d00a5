import type { HclReader } from "../in/bake/bakeFile.ts";
import type { FileKind } from "../in/fileKind.ts";
import { bakeBuilds } from "./bakeBuilds.ts";
import { composeBuilds } from "./composeBuilds.ts";
import type { BuildFile } from "./definition.ts";
import { devcontainerBuilds } from "./devcontainerBuilds.ts";
import { workflowBuilds } from "./workflowBuilds.ts";

type ReadBuilds = (text: string, loadHcl: () => Promise<HclReader>) => BuildFile | Promise<BuildFile>;

/** Readers by the name of the kind of file; files of other kinds build nothing. */
const readers: ReadonlyMap<string, ReadBuilds> = new Map<string, ReadBuilds>([
  ["compose", composeBuilds],
  ["bake", bakeBuilds],
  ["workflow", workflowBuilds],
  ["devcontainer", devcontainerBuilds],
]);

/** Reads the builds of a file of any kind; a Dockerfile on its own has none. */
export async function readBuildFile(
  kind: FileKind["name"],
  text: string,
  loadHcl: () => Promise<HclReader>,
): Promise<BuildFile> {
  return (
    (await readers.get(kind)?.(text, loadHcl)) ?? { base: "folder", variables: "none", builds: [], inlineBuilds: [] }
  );
}
