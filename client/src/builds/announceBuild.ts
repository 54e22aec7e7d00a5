import { counted } from "../../../oci/core/text.ts";
import type { OriginLine } from "../../../server/protocol/protocol.ts";
import { findLayerLines, type LineFinder } from "../dockerfiles/imageLines.ts";
import { age } from "../images/labels/age.ts";
import { imageRow } from "../images/rows/images.ts";
import type { BuildNews } from "./buildStatus.ts";
import type { Rebuilt } from "./buildWatch.ts";
import { compareBuilds, type Rebuild, rebuildText } from "./rebuild.ts";

export interface AnnounceParts {
  readonly finder: LineFinder;
  show(news: BuildNews): void;
  /** Whether a newer build was announced meanwhile. */
  isOutdated(): boolean;
}

/** Shows at once what a build changed, and then the line of the Dockerfile behind it, if one is found. */
export async function announceBuild(rebuilt: Rebuilt, parts: AnnounceParts, signal: AbortSignal): Promise<void> {
  const rebuild = compareBuilds(rebuilt.previous, rebuilt.current);
  parts.show(newsOf(rebuilt, rebuild, undefined));
  const { sourceId, image } = rebuilt;
  const index = rebuild?.layerIndex;
  if (!image || index === undefined) return;
  const found = await findLayerLines({ sourceId, image }, parts.finder, signal);
  const line = found?.lines.get(index);
  if (!found || !line || parts.isOutdated()) return;
  parts.show(newsOf(rebuilt, rebuild, { ...line, file: parts.finder.dockerfiles.name(found.uri) }));
}

type PlacedLine = OriginLine & { readonly file: string };

function newsOf(rebuilt: Rebuilt, rebuild: Rebuild | undefined, line: PlacedLine | undefined): BuildNews {
  const { names, summary, sourceId, previous } = rebuilt;
  const [name] = names;
  const number = line && line.range.start.line + 1;
  return {
    text: rebuildText(name, rebuild, number),
    tooltip: [
      `${names.join(", ")}: compared with the image that ${names.length > 1 ? "these tags" : "this tag"} named before`,
      ...(previous.createdMs === undefined ? [] : [`Previous build: ${age(previous.createdMs, Date.now())}`]),
      ...changeText(rebuild, rebuilt),
      ...(line === undefined
        ? []
        : [`Most of it: ${line.file}:${number}${line.doubt === undefined ? "" : ", likely"}`]),
      "Click to compare the two images",
    ],
    command: {
      command: "imagewright.compare.previousBuild",
      title: "Compare with Previous Build",
      arguments: [imageRow(summary, { sourceId, sourceKind: "engine" })],
    },
  };
}

function changeText(rebuild: Rebuild | undefined, { current }: Rebuilt): readonly string[] {
  if (rebuild?.hasSameLayers === true)
    return [`Both have the same ${counted(current.layers?.length ?? 0, "layer")}; only the configuration differs`];
  return rebuild ? [] : ["The layers of the previous build are not known"];
}
