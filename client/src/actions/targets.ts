import { formatBytes } from "../../../oci/core/bytes.ts";
import { shortDigest } from "../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import { age } from "../images/labels/age.ts";
import { imageName } from "../images/labels/names.ts";
import type { ImageTreeNode, SourcesState } from "../images/node.ts";
import type { ImageSource } from "../sources/source.ts";
import { adviceFor } from "../ui/advice.ts";
import type { Choice, Dialogs } from "./dialogs/dialogs.ts";

/** Where actions find images and engines. */
export interface Places {
  /** Waits until it is known whether an engine is there. */
  state(): Promise<SourcesState>;
  source(sourceId: string): ImageSource | undefined;
}

/** An image where it is. */
export interface Target {
  readonly source: ImageSource;
  readonly summary: ImageSummary;
  /** The repository whose names of it are meant; all names where absent. */
  readonly within?: string;
}

/** A source that does what it is told. */
export interface EngineSource extends ImageSource {
  readonly actions: EngineActions;
}

export interface EngineTarget extends Target {
  readonly source: EngineSource;
}

/** For requests that end by themselves soon. */
export function unstoppable(): AbortSignal {
  return new AbortController().signal;
}

export function isEngine(source: ImageSource): source is EngineSource {
  return source.actions !== undefined;
}

/** The image that a row stands for, as a whole or for one platform. */
export function targetOf(node: ImageTreeNode | undefined, places: Places): Target | undefined {
  if (node?.kind !== "image" && node?.kind !== "platform") return undefined;
  const source = places.source(node.sourceId);
  return source && { source, summary: node.summary };
}

/** The images of these rows and of those inside groups; images that stand in several places of the tree once for each repository. */
export function targetsOf(nodes: readonly ImageTreeNode[], places: Places): readonly Target[] {
  const targets = nodes.flatMap((node): readonly Target[] => {
    if (node.kind === "group") return targetsOf(node.children, places);
    const target = node.kind === "image" ? targetOf(node, places) : undefined;
    return target === undefined
      ? []
      : [node.kind === "image" && node.within !== undefined ? { ...target, within: node.within } : target];
  });
  const isSame = (a: Target, b: Target): boolean =>
    a.source === b.source && a.summary.id === b.summary.id && a.within === b.within;
  return targets.filter((target, index) => targets.findIndex((other) => isSame(other, target)) === index);
}

export function engineTargets(targets: readonly Target[]): readonly EngineTarget[] {
  return targets.flatMap(({ source, ...target }) => (isEngine(source) ? [{ source, ...target }] : []));
}

/** The targets without regard to repositories: each image once. */
export function wholeImages<T extends Target>(targets: readonly T[]): readonly Pick<T, "source" | "summary">[] {
  const wholes = targets.map(({ source, summary }) => ({ source, summary }));
  return wholes.filter(
    ({ source, summary }, index) =>
      wholes.findIndex((other) => other.source === source && other.summary.id === summary.id) === index,
  );
}

/** Engines that answer, the one in use first. */
export async function readyEngines(places: Places): Promise<readonly EngineSource[]> {
  const { engines, isTrusted } = await places.state();
  if (!isTrusted) return [];
  return engines.flatMap(({ kind, source: { sourceId } }) => {
    const source = kind === "ready" ? places.source(sourceId) : undefined;
    return source && isEngine(source) ? [source] : [];
  });
}

/** The only engine, or the one that is chosen. Without any, the user is told why. */
export async function chooseEngine(
  question: string,
  places: Places,
  dialogs: Dialogs,
): Promise<EngineSource | undefined> {
  const engines = await readyEngines(places);
  if (engines.length > 1)
    return (
      await dialogs.choose(
        question,
        engines.map((source) => ({
          label: source.label,
          icon: "server-environment",
          description: source.place,
          source,
        })),
      )
    )?.source;
  const [only] = engines;
  if (!only) await tellNoEngine(places, dialogs);
  return only;
}

async function tellNoEngine(places: Places, dialogs: Dialogs): Promise<void> {
  const { engines, isTrusted } = await places.state();
  const absent = engines.find((engine) => engine.kind === "absent");
  if (!isTrusted) await dialogs.tell("In Restricted Mode no container engine is asked");
  else if (absent?.kind === "absent") await dialogs.tellError(absent.error);
  else await dialogs.tell("Still looking for a container engine");
}

interface TargetChoice extends Choice {
  /** Absent for a line that says why there are none. */
  readonly target?: EngineTarget;
}

/** Asks for one or more images of engines. */
export async function chooseTargets(
  question: string,
  places: Places,
  dialogs: Dialogs,
): Promise<readonly EngineTarget[]> {
  const engines = await readyEngines(places);
  if (engines.length === 0) await tellNoEngine(places, dialogs);
  const chosen =
    engines.length === 0
      ? []
      : await dialogs.chooseSome(question, async (signal) =>
          (await Promise.all(engines.map((engine) => choicesIn(engine, engines.length, signal)))).flat(),
        );
  return chosen?.flatMap(({ target }) => target ?? []) ?? [];
}

async function choicesIn(
  source: EngineSource,
  sourceCount: number,
  signal: AbortSignal,
): Promise<readonly TargetChoice[]> {
  const listed = await source.list(signal);
  if (!listed.ok)
    return [
      {
        label: adviceFor(listed.error).title,
        icon: "warning",
        description: `${source.label}: ${adviceFor(listed.error).detail}`,
      },
    ];
  return listed.value.map((summary) => ({
    ...imageChoice(summary, Date.now()),
    ...(sourceCount > 1 ? { detail: `${source.label}, ${source.place}` } : {}),
    target: { source, summary },
  }));
}

/** A line for an image: its name, then what people look for it by. */
export function imageChoice(summary: ImageSummary, nowMs: number): Choice {
  const label = imageName(summary);
  const facts = [
    ...summary.tags.filter((tag) => tag !== label),
    ...(summary.engineBytes === undefined ? [] : [formatBytes(summary.engineBytes)]),
    ...(summary.created === undefined ? [] : [age(summary.created * 1000, nowMs)]),
    ...(label.includes(shortDigest(summary.id)) ? [] : [shortDigest(summary.id)]),
  ];
  return { label, icon: "package", description: facts.join(" · ") };
}
