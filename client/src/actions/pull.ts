import type { ImageSummary } from "../../../oci/core/image.ts";
import { type Platform, parsePlatform } from "../../../oci/core/platform.ts";
import type { ActionParts } from "./actionParts.ts";
import { completeName, findNamed, referenceProblem } from "./names.ts";
import { chooseEngine, type EngineSource, type EngineImageTarget, readyEngines, type ImageTarget } from "./targets.ts";
import { neverAborted } from "../sources/source.ts";
import {
  type PlatformChoice,
  platformChoices,
  platformChoicesOf,
  progressLine,
  type PulledAgain,
  pulledAgainMessage,
  pulledMessage,
  type PullRequest,
  pullTitle,
} from "./messages/transfer.ts";
import { l10n } from "../ui/l10n.ts";

/** Prompts for the image, the platform, and the engine if there are several. */
export async function pull(parts: ActionParts): Promise<void> {
  const engine = await chooseEngine(l10n.t("Pull into which engine?"), parts.sources, parts.dialogs);
  const entered =
    engine &&
    (await parts.dialogs.enterOrChoose({
      title: l10n.t("Pull an Image"),
      placeHolder: l10n.t("Image to pull: alpine:3.20, ghcr.io/team/app:1, name@sha256:…"),
      suggestions: parts.recent.list().map((label) => ({ label, icon: "history", group: l10n.t("pulled before") })),
      describe: (text) => l10n.t("pull {0}", completeName(text) ?? text),
      problem: referenceProblem,
    }));
  if (!engine || entered === undefined) return;
  const platform = await choosePlatform(parts, platformChoices);
  if (platform !== undefined) await pullInto(engine, orderOf(entered, platform), parts);
}

/** Pulls the names of images again. Names that were never in a registry fail with the registry's message. */
export async function pullAgain(targets: readonly EngineImageTarget[], parts: ActionParts): Promise<void> {
  for (const engine of new Set(targets.map(({ source }) => source))) {
    const [first, ...more] = targets.filter(({ source }) => source === engine).flatMap(({ summary }) => summary.tags);
    if (first !== undefined && more.length === 0) await pullInto(engine, { reference: first }, parts);
    else if (first !== undefined) await pullSeveral(engine, [first, ...more], parts);
  }
}

/** Pulls one after the other, with a single report at the end. */
async function pullSeveral(
  engine: EngineSource,
  references: readonly string[],
  { dialogs }: ActionParts,
): Promise<void> {
  const before = await engine.list(neverAborted());
  if (!before.ok) return dialogs.showError(before.error);
  const pulled: PulledAgain[] = [];
  await dialogs.withProgress(l10n.t("Pulling {0} tags again", references.length), async ({ signal, report }) => {
    for (const [index, reference] of references.entries()) {
      const show = (text: string): void =>
        report({
          text: l10n.t("{0} of {1}, {2}: {3}", index + 1, references.length, reference, text),
          percent: (index / references.length) * 100,
        });
      const result = await engine.actions.pull(
        reference,
        { onProgress: (progress) => show(progressLine(progress).text) },
        signal,
      );
      pulled.push(result.ok ? { reference } : { reference, problem: result.error.message });
    }
  });
  const after = await engine.list(neverAborted());
  if (!after.ok) return dialogs.showError(after.error);
  if (pulled.length > 0) await dialogs.showMessage(pulledAgainMessage(pulled, before.value, after.value));
}

/** Pulls the image of a registry's row: the platform that the engine chooses, or a chosen one. */
export async function pullToEngine(
  target: ImageTarget,
  platform: Platform | undefined,
  parts: ActionParts,
): Promise<void> {
  const reference = pullName(target.summary);
  const engine =
    reference === undefined
      ? undefined
      : await chooseEngine(l10n.t("Pull into which engine?"), parts.sources, parts.dialogs);
  if (!engine || reference === undefined) return;
  const chosen = platform ?? (await choosePlatform(parts, await choicesFor(target)));
  if (chosen !== undefined) await pullInto(engine, orderOf(reference, chosen), parts);
}

/** The platforms of the image, or the usual ones if it can't be read; the pull will then report the problem. */
async function choicesFor({ source, summary }: ImageTarget): Promise<readonly PlatformChoice[]> {
  const read = await source.image(summary.id, {}, neverAborted());
  return read.ok && read.value.manifests ? platformChoicesOf(read.value.manifests) : platformChoices;
}

/** Pulls a platform that an engine knows of but doesn't have. */
export async function pullPlatform(
  { source, summary }: EngineImageTarget,
  platform: Platform,
  parts: ActionParts,
): Promise<void> {
  const reference = pullName(summary);
  if (reference === undefined) await parts.dialogs.showMessage(l10n.t("The image has no tag or digest to pull"));
  else await pullInto(source, { reference, platform }, parts);
}

function pullName({ tags, repoDigests }: ImageSummary): string | undefined {
  return tags[0] ?? repoDigests[0];
}

/** Returns the only choice, or prompts for one. */
async function choosePlatform(
  { dialogs }: ActionParts,
  choices: readonly PlatformChoice[],
): Promise<Platform | "engine" | undefined> {
  const chosen = choices.length === 1 ? choices[0] : await dialogs.pickOne(l10n.t("For which platform?"), choices);
  if (chosen?.platform !== "other") return chosen?.platform;
  const entered = await dialogs.enter({
    title: l10n.t("Pull an Image"),
    prompt: l10n.t("Platform: os/architecture[/variant]"),
    placeHolder: "linux/arm/v7",
    problem: (text) =>
      parsePlatform(text) ? undefined : l10n.t("use os/architecture[/variant], such as linux/arm/v7"),
  });
  return entered === undefined ? undefined : parsePlatform(entered);
}

function orderOf(reference: string, platform: Platform | "engine"): PullRequest {
  return platform === "engine" ? { reference } : { reference, platform };
}

async function pullInto(engine: EngineSource, order: PullRequest, parts: ActionParts): Promise<void> {
  const { sources, dialogs, recent, reveal } = parts;
  const reference = completeName(order.reference) ?? order.reference;
  const { platform } = order;
  const before = await engine.list(neverAborted());
  if (!before.ok) return dialogs.showError(before.error);
  const isOneOfSeveral = (await readyEngines(sources)).length > 1;
  const pulled = await dialogs.withProgress(
    pullTitle({ ...order, reference }, isOneOfSeveral ? engine.label : undefined),
    ({ signal, report }) =>
      engine.actions.pull(
        reference,
        { ...(platform === undefined ? {} : { platform }), onProgress: (progress) => report(progressLine(progress)) },
        signal,
      ),
  );
  if (!pulled) return;
  if (!pulled.ok) return dialogs.showError(pulled.error, () => pullInto(engine, order, parts));
  await recent.add(reference);
  const after = await engine.list(neverAborted());
  if (!after.ok) return dialogs.showError(after.error);
  const image = findNamed(after.value, reference);
  const message = pulledMessage({ ...order, reference }, before.value, after.value, pulled.value);
  await dialogs.showMessage(message, image && { label: l10n.t("Show Image"), act: () => reveal(engine.id, image.id) });
}
