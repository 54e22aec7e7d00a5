import type { OriginLine } from "../../../server/protocol/protocol.ts";
import { findLayerLines, type LineFinder } from "../dockerfiles/imageLines.ts";
import { age } from "../images/labels/age.ts";
import { imageRow } from "../images/rows/images.ts";
import type { BuildNews } from "./buildStatus.ts";
import type { Rebuilt } from "./buildWatch.ts";
import { compareBuilds, type Rebuild, rebuildText } from "./rebuild.ts";
import { l10n } from "../ui/l10n.ts";
import { counted } from "../ui/phrases.ts";

export interface AnnounceParts {
  readonly finder: LineFinder;
  show(news: BuildNews): void;
  /** True if a newer build was announced meanwhile. */
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
  return {
    text: rebuildText(name, rebuild, line && lineNumber(line)),
    tooltip: [
      names.length > 1
        ? l10n.t("{0}: compared with the image that these tags named before", names.join(", "))
        : l10n.t("{0}: compared with the image that this tag named before", name),
      ...(previous.createdMs === undefined ? [] : [l10n.t("Previous build: {0}", age(previous.createdMs, Date.now()))]),
      ...changeText(rebuild, rebuilt),
      ...lineText(line),
      l10n.t("Click to compare the two images"),
    ],
    command: {
      command: "imagewright.compare.previousBuild",
      title: l10n.t("Compare with Previous Build"),
      arguments: [imageRow(summary, { sourceId, sourceKind: "engine" })],
    },
  };
}

function lineText(line: PlacedLine | undefined): readonly string[] {
  if (line === undefined) return [];
  const place = `${line.file}:${lineNumber(line)}`;
  return [line.doubt === undefined ? l10n.t("Most of it: {0}", place) : l10n.t("Most of it: {0}, likely", place)];
}

function lineNumber({ range }: PlacedLine): number {
  return range.start.line + 1;
}

function changeText(rebuild: Rebuild | undefined, { current }: Rebuilt): readonly string[] {
  if (rebuild?.hasSameLayers === true)
    return [
      l10n.t("Both have the same {0}; only the configuration differs", counted(current.layers?.length ?? 0, "layer")),
    ];
  return rebuild ? [] : [l10n.t("The layers of the previous build aren't known")];
}
