import type { OciError } from "../../../oci/core/error.ts";
import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image, ImageSummary } from "../../../oci/core/image.ts";
import type { ImageLister, ImageReader } from "../../../oci/source/source.ts";
import { adviceFor } from "../ui/advice.ts";
import { unreachable } from "../ui/unreachable.ts";
import type { EngineState, ImageNode, ImageTreeNode, NoticeNode, SourcesState, StepNode } from "./node.ts";

/** What the tree reads from; `source` is undefined for one that was closed meanwhile. */
export interface TreeReaders {
  /** Waits until it is known whether an engine is there. */
  state(): Promise<SourcesState>;
  source(sourceId: string): (ImageLister & ImageReader) | undefined;
}

/** The rows of the root (`parent` undefined) or under a row. A failure is a row that says so, never an empty list. */
export async function childrenOf(parent: ImageTreeNode | undefined, readers: TreeReaders, signal: AbortSignal): Promise<readonly ImageTreeNode[]> {
  if (parent === undefined) return rootRows(readers, signal);
  switch (parent.kind) {
    case "source":
      return imageRows(parent.sourceId, readers, signal);
    case "image":
      return layerRows(parent, readers, signal);
    case "notice":
      return parent.children ?? [];
    case "layer":
    case "step":
      return [];
    default:
      return unreachable(parent);
  }
}

/** With one source its images stand at the root; with several, each source is a row. Empty where a welcome text is better. */
async function rootRows(readers: TreeReaders, signal: AbortSignal): Promise<readonly ImageTreeNode[]> {
  const { engines, archives, registry, isTrusted } = await readers.state();
  const others = [...archives, ...(registry ? [registry] : [])];
  if (!isTrusted) return others;
  const [engine, ...further] = engines;
  if (engine && further.length === 0 && others.length === 0) return engine.kind === "absent" ? engineNotices(engine, "alone") : imageRows(engine.source.sourceId, readers, signal);
  const absent = engines.filter((each) => each.kind === "absent");
  return [...engines.filter((each) => each.kind !== "absent").map(({ source }) => source), ...others, ...absent.flatMap((each) => engineNotices(each, "aside"))];
}

async function imageRows(sourceId: string, readers: TreeReaders, signal: AbortSignal): Promise<readonly ImageTreeNode[]> {
  const source = readers.source(sourceId);
  if (!source) return [];
  const listed = await source.list(signal);
  if (!listed.ok) return [errorNotice(sourceId, listed.error)];
  return newestFirst(listed.value).map((summary): ImageNode => ({ kind: "image", id: `${sourceId}/${summary.id}`, sourceId, summary }));
}

/** Images of unknown age keep their place after the dated ones. */
function newestFirst(images: readonly ImageSummary[]): readonly ImageSummary[] {
  return [...images].sort((a, b) => (b.created ?? -Infinity) - (a.created ?? -Infinity) || 0);
}

async function layerRows(parent: ImageNode, readers: TreeReaders, signal: AbortSignal): Promise<readonly ImageTreeNode[]> {
  const source = readers.source(parent.sourceId);
  if (!source) return [];
  const read = await source.image(parent.summary.id, {}, signal);
  if (!read.ok) return [errorNotice(parent.id, read.error)];
  const image = read.value;
  const rows = stepsAndLayers(parent, image);
  return rows.length > 0 ? rows : [{ kind: "notice", id: `${parent.id}/nothing`, severity: "info", label: "No layers and no history", description: "an empty image" }];
}

/** Base first, as a Dockerfile reads; steps without a layer stand where they happened. */
function stepsAndLayers(parent: ImageNode, image: Image): readonly ImageTreeNode[] {
  const none = image.historyPairing === "exact" ? "none" : "inferred";
  const steps = (list: readonly HistoryStep[], place: string): readonly StepNode[] => stepNodes(`${parent.id}/${place}`, list, none);
  return [
    ...(image.historyPairing === "none" && image.config.history.length > 0 ? [mismatchNotice(parent, image)] : []),
    ...image.layers.flatMap((layer): readonly ImageTreeNode[] => [
      ...steps(layer.emptyStepsBefore, `before-${layer.index}`),
      { kind: "layer", id: `${parent.id}/layer-${layer.index}`, sourceId: parent.sourceId, image, layer },
    ]),
    ...steps(image.emptyStepsAfter, "after"),
  ];
}

function stepNodes(place: string, steps: readonly HistoryStep[], layer: StepNode["layer"]): readonly StepNode[] {
  return steps.map((step, index) => ({ kind: "step", id: `${place}/${index}`, step, layer }));
}

function mismatchNotice(parent: ImageNode, image: Image): NoticeNode {
  const { history } = image.config;
  return {
    kind: "notice",
    id: `${parent.id}/mismatch`,
    severity: "warning",
    label: "History does not match the layers",
    description: `${history.length} step${history.length === 1 ? "" : "s"}, ${image.layers.length} layer${image.layers.length === 1 ? "" : "s"}`,
    detail: "Which step made which layer cannot be told for this image. Squashed and imported images are like that.",
    fold: "collapsed",
    children: stepNodes(`${parent.id}/unpaired`, history, "unknown"),
  };
}

function errorNotice(place: string, error: OciError): NoticeNode {
  const { title, detail, action } = adviceFor(error);
  const command = { id: action.command, title: action.label };
  return { kind: "notice", id: `${place}/error`, severity: "error", label: title, description: detail, detail: `${detail}\n\nClick: ${action.label}`, command };
}

type AbsentEngine = Extract<EngineState, { readonly kind: "absent" }>;

/** Says that no engine is there, offers what helps and names what was tried; folded into one row where archives are what is looked at. */
function engineNotices({ source, error }: AbsentEngine, standing: "alone" | "aside"): readonly NoticeNode[] {
  const { title, detail } = adviceFor(error);
  const tried = error.kind === "engineUnreachable" ? triedNotices(error.tried) : [];
  const notice: NoticeNode = { kind: "notice", id: `${source.sourceId}-absent/${standing}`, severity: "warning", label: title, detail, ...(tried.length === 0 ? { description: detail } : {}) };
  return standing === "alone" ? [notice, ...engineActions(), ...tried] : [{ ...notice, fold: "collapsed", children: [...engineActions(), ...tried] }];
}

function triedNotices(tried: readonly string[]): readonly NoticeNode[] {
  const [first] = tried;
  if (first === undefined) return [];
  const common = { kind: "notice", severity: "info", icon: "debug-disconnect" } as const;
  if (tried.length === 1) return [{ ...common, id: "engine-absent/tried", label: `Looked at ${first}` }];
  const children = tried.map((place, index): NoticeNode => ({ ...common, id: `engine-absent/tried-${index}`, label: place, detail: `No engine answers at ${place}` }));
  return [{ ...common, id: "engine-absent/tried", icon: "search", label: `Looked at ${tried.length} places`, description: tried.join(", "), fold: "collapsed", children }];
}

function engineActions(): readonly NoticeNode[] {
  return actionRows.map(([id, label, icon, command]) => ({ kind: "notice", id: `engine-absent/${id}`, severity: "action", label, icon, command: { id: command, title: label } }));
}

const actionRows = [
  ["retry", "Try Again", "refresh", "imagewright.images.refresh"],
  ["archive", "Open an Image Archive…", "file-zip", "imagewright.archive.open"],
  ["choose", "Choose an Engine…", "settings-gear", "imagewright.engine.choose"],
] as const;
