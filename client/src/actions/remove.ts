import type { OciError } from "../../../oci/core/error.ts";
import type { RemovalChoice } from "../../../oci/images/removal.ts";
import type { RemovedImages } from "../../../oci/engine/actions/actions.ts";
import { imageName } from "../images/labels/names.ts";
import type { ActionParts } from "./actionParts.ts";
import type { Dialogs } from "./dialogs/dialogs.ts";
import { choiceOf, choicesOf, removableNames, revalidate } from "./removalChoice.ts";
import {
  type EngineContents,
  forceConfirmation,
  type Refusal,
  removalConfirmation,
  removedMessage,
} from "./messages/remove.ts";
import { type EngineSource, type EngineImageTarget, uniqueImages } from "./targets.ts";
import { neverAborted } from "../sources/source.ts";
import { l10n } from "../ui/l10n.ts";

/** Removes images, or names of one, after a confirmation that lists what is lost. Forcing requires a second one. */
export async function removeImages(targets: readonly EngineImageTarget[], { dialogs }: ActionParts): Promise<void> {
  for (const engine of new Set(targets.map(({ source }) => source))) {
    const chosen = await chooseNames(
      targets.filter(({ source }) => source === engine),
      dialogs,
    );
    const facts = chosen.length === 0 ? undefined : await loadEngineState(engine, dialogs);
    if (facts) await askAndRemove(engine, revalidate(chosen, facts.images), facts, dialogs);
  }
}

async function askAndRemove(
  engine: EngineSource,
  choices: readonly RemovalChoice[],
  facts: EngineContents,
  dialogs: Dialogs,
): Promise<void> {
  if (choices.length === 0) await dialogs.showMessage(nothingLeft);
  else if (await dialogs.confirm(removalConfirmation(choices, facts)))
    await executeRemoval(engine, choices, facts, dialogs);
}

/**
 * Lists the engine's images and containers, and reads any that aren't cached; undefined if it can't, or the user
 * cancels.
 */
export async function loadEngineState(engine: EngineSource, dialogs: Dialogs): Promise<EngineContents | undefined> {
  const [images, containers] = await Promise.all([
    engine.list(neverAborted()),
    engine.actions.containers(neverAborted()),
  ]);
  if (!images.ok || !containers.ok) {
    if (!images.ok) await dialogs.showError(images.error);
    else if (!containers.ok) await dialogs.showError(containers.error);
    return undefined;
  }
  const catalog =
    engine.catalog.known(images.value) ??
    (await dialogs.withProgress(l10n.t("Measuring shared layers (cancel to skip)"), ({ signal, report }) =>
      engine.catalog.complete(
        images.value,
        (read, total) => report({ text: l10n.t("{0} of {1}", read, total), percent: (read / total) * 100 }),
        signal,
      ),
    ));
  return { images: images.value, containers: containers.value, ...(catalog === undefined ? {} : { catalog }) };
}

/**
 * Removes in the given order whatever hasn't changed since the user confirmed. If the engine refuses, asks once whether
 * to force.
 */
export async function executeRemoval(
  engine: EngineSource,
  agreed: readonly RemovalChoice[],
  facts: EngineContents,
  dialogs: Dialogs,
): Promise<void> {
  const choices = await revalidateNow(engine, agreed, dialogs);
  const first = await removeAll(engine, choices, "unforced", dialogs);
  const refused = first.refusals.map(({ choice }) => choice);
  const isForced = refused.length > 0 && (await dialogs.confirm(forceConfirmation(first.refusals, facts)));
  const outcome = joined([
    first,
    ...(isForced ? [await removeAll(engine, await revalidateNow(engine, refused, dialogs), "forced", dialogs)] : []),
  ]);
  for (const error of outcome.errors) await dialogs.showError(error);
  const done = isForced ? choices : choices.filter(({ image }) => !refused.some((choice) => choice.image === image));
  if (outcome.untagged.length + outcome.deleted.length > 0)
    await dialogs.showMessage(removedMessage(done, outcome, facts));
}

/**
 * The choices that haven't changed since the user confirmed, however long ago that was. Empty, with a message to the
 * user, if all are gone or the engine doesn't respond.
 */
async function revalidateNow(
  engine: EngineSource,
  agreed: readonly RemovalChoice[],
  dialogs: Dialogs,
): Promise<readonly RemovalChoice[]> {
  const listed = await engine.list(neverAborted());
  const choices = listed.ok ? revalidate(agreed, listed.value) : [];
  if (!listed.ok) await dialogs.showError(listed.error);
  else if (choices.length === 0) await dialogs.showMessage(nothingLeft);
  return choices;
}

const nothingLeft = l10n.t("Those images no longer exist");

/** Prompts for the names to remove if there is a single image with several. */
async function chooseNames(targets: readonly EngineImageTarget[], dialogs: Dialogs): Promise<readonly RemovalChoice[]> {
  const [only, ...more] = uniqueImages(targets);
  const names = only && more.length === 0 ? removableNames(only.summary) : [];
  if (!only || names.length < 2) return choicesOf(targets);
  const chosen = await dialogs.pickMany(
    l10n.t("Remove which tags? Removing all of them removes the image"),
    names.map((label) => ({ label, icon: "tag", isChecked: true })),
  );
  return chosen === undefined
    ? []
    : [
        choiceOf(
          only.summary,
          chosen.map(({ label }) => label),
        ),
      ];
}

interface Outcome extends RemovedImages {
  readonly refusals: readonly Refusal[];
  readonly errors: readonly OciError[];
}

/** Removes all. If the user cancels, the removals so far stay. */
async function removeAll(
  engine: EngineSource,
  choices: readonly RemovalChoice[],
  manner: "forced" | "unforced",
  dialogs: Dialogs,
): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const [first] = choices;
  if (!first) return nothing;
  await dialogs.withProgress(
    choices.length === 1
      ? l10n.t("Removing {0}", imageName(first.image))
      : l10n.t("Removing {0} images", choices.length),
    async ({ signal, report }) => {
      for (const [index, choice] of choices.entries()) {
        if (choices.length > 1)
          report({
            text: l10n.t("{0} of {1}: {2}", index + 1, choices.length, imageName(choice.image)),
            percent: (index / choices.length) * 100,
          });
        for (const name of orderedNames(choice)) {
          const removed = await engine.actions.remove(name, { force: manner === "forced" }, signal);
          outcomes.push(
            removed.ok ? { ...nothing, ...removed.value } : failedOutcome(removed.error, name, choice, manner),
          );
        }
      }
    },
  );
  return joined(outcomes);
}

/**
 * The names in removal order: name by name, since engines refuse the ID of an image with several; the ID of an unnamed
 * image.
 */
function orderedNames({ image, names }: RemovalChoice): readonly string[] {
  const all = names === "all" ? removableNames(image) : names;
  return all.length > 0 ? all : [image.id];
}

const nothing: Outcome = { untagged: [], deleted: [], refusals: [], errors: [] };

function failedOutcome(error: OciError, name: string, choice: RemovalChoice, manner: "forced" | "unforced"): Outcome {
  // Already removed: with another image of the same operation, or by someone else.
  if (error.kind === "notFound") return nothing;
  if (error.kind !== "conflict" || error.force === undefined || manner === "forced")
    return { ...nothing, errors: [error] };
  return {
    ...nothing,
    refusals: [
      {
        choice: { ...choice, names: name === choice.image.id ? "all" : [name] },
        reason: error.message,
        force: error.force,
      },
    ],
  };
}

function joined(outcomes: readonly Outcome[]): Outcome {
  return {
    untagged: outcomes.flatMap(({ untagged }) => untagged),
    deleted: outcomes.flatMap(({ deleted }) => deleted),
    refusals: outcomes.flatMap(({ refusals }) => refusals),
    errors: outcomes.flatMap(({ errors }) => errors),
  };
}
