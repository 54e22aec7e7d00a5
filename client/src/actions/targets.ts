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
import { l10n } from "../ui/l10n.ts";

/** The sources in which actions find images and engines. */
export interface SourceRegistry {
  /** Waits until it is known whether an engine is available. */
  state(): Promise<SourcesState>;
  source(sourceId: string): ImageSource | undefined;
}

/** An image in its source. */
export interface ImageTarget {
  readonly source: ImageSource;
  readonly summary: ImageSummary;
  /** The repository whose names of it are meant; all names if absent. */
  readonly repository?: string;
}

/** A source that can perform actions. */
export interface EngineSource extends ImageSource {
  readonly actions: EngineActions;
}

export interface EngineImageTarget extends ImageTarget {
  readonly source: EngineSource;
}

export function isEngine(source: ImageSource): source is EngineSource {
  return source.actions !== undefined;
}

/** The image of a row, as a whole or for one platform. */
export function targetOf(node: ImageTreeNode | undefined, sources: SourceRegistry): ImageTarget | undefined {
  if (node?.kind !== "image" && node?.kind !== "platform") return undefined;
  const source = sources.source(node.sourceId);
  return source && { source, summary: node.summary };
}

/**
 * The images of these rows and of the groups among them. An image in several places of the tree is returned once for
 * each repository.
 */
export function targetsOf(nodes: readonly ImageTreeNode[], sources: SourceRegistry): readonly ImageTarget[] {
  const targets = nodes.flatMap((node): readonly ImageTarget[] => {
    if (node.kind === "group") return targetsOf(node.children, sources);
    const target = node.kind === "image" ? targetOf(node, sources) : undefined;
    return target === undefined
      ? []
      : [
          node.kind === "image" && node.underRepository !== undefined
            ? { ...target, repository: node.underRepository }
            : target,
        ];
  });
  const isSame = (a: ImageTarget, b: ImageTarget): boolean =>
    a.source === b.source && a.summary.id === b.summary.id && a.repository === b.repository;
  return targets.filter((target, index) => targets.findIndex((other) => isSame(other, target)) === index);
}

export function engineTargets(targets: readonly ImageTarget[]): readonly EngineImageTarget[] {
  return targets.flatMap(({ source, ...target }) => (isEngine(source) ? [{ source, ...target }] : []));
}

/** The targets regardless of repository: each image once. */
export function uniqueImages<T extends ImageTarget>(targets: readonly T[]): readonly Pick<T, "source" | "summary">[] {
  const wholes = targets.map(({ source, summary }) => ({ source, summary }));
  return wholes.filter(
    ({ source, summary }, index) =>
      wholes.findIndex((other) => other.source === source && other.summary.id === summary.id) === index,
  );
}

/** Engines that respond, the one in use first. */
export async function readyEngines(sources: SourceRegistry): Promise<readonly EngineSource[]> {
  const { engines, isTrusted } = await sources.state();
  if (!isTrusted) return [];
  return engines.flatMap(({ kind, source: { sourceId } }) => {
    const source = kind === "ready" ? sources.source(sourceId) : undefined;
    return source && isEngine(source) ? [source] : [];
  });
}

/** Returns the only engine, or prompts for one. If there is none, tells the user why. */
export async function chooseEngine(
  question: string,
  sources: SourceRegistry,
  dialogs: Dialogs,
): Promise<EngineSource | undefined> {
  const engines = await readyEngines(sources);
  if (engines.length > 1)
    return (
      await dialogs.pickOne(
        question,
        engines.map((source) => ({
          label: source.label,
          icon: "server-environment",
          description: source.address,
          source,
        })),
      )
    )?.source;
  const [only] = engines;
  if (!only) await showNoEngine(sources, dialogs);
  return only;
}

async function showNoEngine(sources: SourceRegistry, dialogs: Dialogs): Promise<void> {
  const { engines, isTrusted } = await sources.state();
  const absent = engines.find((engine) => engine.kind === "absent");
  if (!isTrusted) await dialogs.showMessage(l10n.t("Restricted Mode: container engines aren't contacted"));
  else if (absent?.kind === "absent") await dialogs.showError(absent.error);
  else await dialogs.showMessage(l10n.t("Still connecting to a container engine. Try again in a moment"));
}

interface TargetChoice extends Choice {
  /** Absent for a line that explains why there are none. */
  readonly target?: EngineImageTarget;
}

/** Prompts for one or more images of engines. */
export async function chooseTargets(
  question: string,
  sources: SourceRegistry,
  dialogs: Dialogs,
): Promise<readonly EngineImageTarget[]> {
  const engines = await readyEngines(sources);
  if (engines.length === 0) await showNoEngine(sources, dialogs);
  const chosen =
    engines.length === 0
      ? []
      : await dialogs.pickMany(question, async (signal) =>
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
    ...(sourceCount > 1 ? { detail: `${source.label}, ${source.address}` } : {}),
    target: { source, summary },
  }));
}

/** A list item for an image: its name, then the details people look for. */
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
