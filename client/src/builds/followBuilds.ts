import { workspaceDockerfiles } from "../dockerfiles/editor.ts";
import type { LineFinder } from "../dockerfiles/imageLines.ts";
import type { CachedReaders } from "../images/data/imageCache.ts";
import type { ImageSource } from "../sources/source.ts";
import { announceBuild } from "./announceBuild.ts";
import type { BuildRecords } from "./buildRecords.ts";
import { createBuildStatus } from "./buildStatus.ts";
import { endpointOf } from "./endpoint.ts";
import { BuildWatch, type FollowedEngine, type Rebuilt } from "./buildWatch.ts";

export interface FollowParts {
  readonly records: BuildRecords;
  readonly sources: LineFinder["sources"];
  readonly server: LineFinder["server"];
  /** Images that the view has read, so that nothing is requested twice. */
  readonly readers: CachedReaders;
  onFailure(error: unknown): void;
}

/** Follows builds, and shows in the status bar what the last one changed. */
export function followBuilds(parts: FollowParts): Pick<BuildWatch, "look" | "dispose"> {
  const { records, readers, onFailure } = parts;
  const finder: LineFinder = { ...parts, dockerfiles: workspaceDockerfiles };
  const status = createBuildStatus();
  const ending = new AbortController();
  let latest: Rebuilt | undefined;
  const onRebuilt = (rebuilt: Rebuilt): void => {
    latest = rebuilt;
    const isOutdated = (): boolean => latest !== rebuilt || ending.signal.aborted;
    announceBuild(rebuilt, { finder, show: status.show, isOutdated }, ending.signal).catch(
      (error: unknown) => !ending.signal.aborted && onFailure(error),
    );
  };
  const engine = (sourceId: string): FollowedEngine | undefined =>
    followedEngine(finder.sources.source(sourceId), readers.source(sourceId));
  const watch = new BuildWatch({ records, engine, onRebuilt, onFailure });
  const dispose = (): void => (ending.abort(), watch.dispose(), status.dispose());
  return { look: (sourceId) => watch.look(sourceId), dispose };
}

/** An engine with the list and images as the images view has them. */
function followedEngine(
  source: ImageSource | undefined,
  reader: Omit<FollowedEngine, "endpoint"> | undefined,
): FollowedEngine | undefined {
  const endpoint = endpointOf(source);
  if (endpoint === undefined || !reader) return undefined;
  return { endpoint, list: reader.list.bind(reader), image: reader.image.bind(reader) };
}
