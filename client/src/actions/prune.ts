import type { ImageSummary } from "../../../oci/core/image.ts";
import type { ActionParts } from "./actionParts.ts";
import type { Dialogs } from "./dialogs/dialogs.ts";
import {
  candidateChoices,
  previewTitle,
  pruneChoices,
  pruneConfirmation,
  prunedMessage,
  prunePlan,
  type Prunable,
} from "./messages/prune.ts";
import { executeRemoval, loadEngineState } from "./remove.ts";
import type { EngineContents } from "./messages/remove.ts";
import { chooseEngine, type EngineSource } from "./targets.ts";
import { neverAborted } from "../sources/source.ts";
import { l10n } from "../ui/l10n.ts";

/** Removes unused images, after listing them so that the user can exclude some. */
export async function prune({ sources, dialogs }: ActionParts): Promise<void> {
  const engine = await chooseEngine(l10n.t("Prune images of which engine?"), sources, dialogs);
  const facts = engine && (await loadEngineState(engine, dialogs));
  const which = facts && (await dialogs.pickOne(l10n.t("Prune which images?"), pruneChoices(facts)))?.which;
  if (engine && facts && which) await pruneFrom(engine, which, facts, dialogs);
}

async function pruneFrom(
  engine: EngineSource,
  which: Prunable,
  facts: EngineContents,
  dialogs: Dialogs,
): Promise<void> {
  const { images: all } = prunePlan(which, facts);
  if (all.length === 0)
    return dialogs.showMessage(
      which === "dangling"
        ? l10n.t("Nothing to prune: every dangling image is used by a container")
        : l10n.t("Nothing to prune: every image is used by a container"),
    );
  const chosen = (
    await dialogs.pickMany(
      l10n.t("Remove these images? Uncheck the ones to keep"),
      candidateChoices(all, facts, Date.now()),
      (checked) =>
        previewTitle(
          checked.map(({ summary }) => summary),
          facts,
        ),
    )
  )?.map(({ summary }) => summary);
  if (!chosen || !(await dialogs.confirm(pruneConfirmation(chosen, facts)))) return;
  if (chosen.length < all.length || !(await isStillAll(engine, which, chosen)))
    return executeRemoval(
      engine,
      chosen.map((image) => ({ image, names: "all" })),
      facts,
      dialogs,
    );
  const pruned = await dialogs.withProgress(
    which === "dangling" ? l10n.t("Pruning dangling images") : l10n.t("Pruning unused images"),
    ({ signal }) => engine.actions.prune(which, signal),
  );
  if (!pruned) return;
  if (!pruned.ok) return dialogs.showError(pruned.error);
  await dialogs.showMessage(prunedMessage(chosen, pruned.value));
}

/**
 * True if the engine's own pruning would remove exactly these: no image that was added since, and no name of an image
 * in use.
 */
async function isStillAll(engine: EngineSource, which: Prunable, chosen: readonly ImageSummary[]): Promise<boolean> {
  const [images, containers] = await Promise.all([
    engine.list(neverAborted()),
    engine.actions.containers(neverAborted()),
  ]);
  if (!images.ok || !containers.ok) return false;
  const { images: now, atRisk } = prunePlan(which, { images: images.value, containers: containers.value });
  const agreed = new Set(chosen.map(({ id }) => id));
  return atRisk.length === 0 && now.length === agreed.size && now.every(({ id }) => agreed.has(id));
}
