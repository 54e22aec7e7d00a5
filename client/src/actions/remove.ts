import type { OciError } from "../../../oci/core/error.ts";
import type { RemovedImages } from "../../../oci/source/engineActions.ts";
import { imageName } from "../images/imageNames.ts";
import type { ActionParts } from "./actionParts.ts";
import type { Dialogs } from "./dialogs.ts";
import { type EngineFacts, forceConfirmation, type Refusal, type RemovalOrder, removalConfirmation, removedMessage } from "./removeWords.ts";
import { type EngineSource, type EngineTarget, unstoppable } from "./targets.ts";

/** Removes images, or names of one, after one question that says what is lost; by force only after a second one. */
export async function removeImages(targets: readonly EngineTarget[], { dialogs }: ActionParts): Promise<void> {
  const orders = await chooseNames(targets, dialogs);
  for (const engine of new Set(targets.map(({ source }) => source))) {
    const own = orders.filter((order) => targets.some(({ source, summary }) => source === engine && summary === order.summary));
    const facts = own.length === 0 ? undefined : await factsOf(engine, dialogs);
    if (facts && (await dialogs.confirm(removalConfirmation(own, facts)))) await carryOut(engine, own, facts, dialogs);
  }
}

/** Lists the engine's images and containers, and reads what is not known of the images; undefined where it can't, or the user backs out. */
export async function factsOf(engine: EngineSource, dialogs: Dialogs): Promise<EngineFacts | undefined> {
  const [images, containers] = await Promise.all([engine.list(unstoppable()), engine.actions.containers(unstoppable())]);
  if (!images.ok || !containers.ok) {
    if (!images.ok) await dialogs.tellError(images.error);
    else if (!containers.ok) await dialogs.tellError(containers.error);
    return undefined;
  }
  const catalog = engine.catalog.known(images.value) ?? (await dialogs.during("Counting what images share (cancel to go on without)", ({ signal, report }) =>
    engine.catalog.complete(images.value, (read, total) => report({ text: `${read} of ${total}`, percent: (read / total) * 100 }), signal)));
  return { images: images.value, containers: containers.value, ...(catalog === undefined ? {} : { catalog }) };
}

/** Removes in the order given; what the engine refuses is asked for once more. */
export async function carryOut(engine: EngineSource, orders: readonly RemovalOrder[], facts: EngineFacts, dialogs: Dialogs): Promise<void> {
  const first = await removeAll(engine, orders, "unforced", dialogs);
  const refused = first.refusals.map(({ order }) => order);
  const isForced = refused.length > 0 && (await dialogs.confirm(forceConfirmation(first.refusals, facts)));
  const outcome = joined([first, ...(isForced ? [await removeAll(engine, refused, "forced", dialogs)] : [])]);
  for (const error of outcome.errors) await dialogs.tellError(error);
  const done = isForced ? orders : orders.filter((order) => !refused.some(({ summary }) => summary === order.summary));
  if (outcome.untagged.length + outcome.deleted.length > 0) await dialogs.tell(removedMessage(done, outcome, facts));
}

/** Of a single image with several names those that are chosen; everything else goes whole. */
async function chooseNames(targets: readonly EngineTarget[], dialogs: Dialogs): Promise<readonly RemovalOrder[]> {
  const [only, ...more] = targets;
  if (!only || more.length > 0 || only.summary.tags.length < 2) return targets.map(({ summary }) => ({ summary, names: summary.tags }));
  const { summary } = only;
  const chosen = await dialogs.chooseSome("Remove which names? With all of them goes the image", summary.tags.map((label) => ({ label, icon: "tag", isChecked: true })));
  return chosen === undefined ? [] : [{ summary, names: chosen.map(({ label }) => label) }];
}

interface Outcome extends RemovedImages {
  readonly refusals: readonly Refusal[];
  readonly errors: readonly OciError[];
}

/** What was done before the user stopped it stays done. */
async function removeAll(engine: EngineSource, orders: readonly RemovalOrder[], manner: "forced" | "unforced", dialogs: Dialogs): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  const [first] = orders;
  await dialogs.during(orders.length === 1 && first ? `Removing ${imageName(first.summary)}` : `Removing ${orders.length} images`, async ({ signal, report }) => {
    for (const [index, order] of orders.entries()) {
      if (orders.length > 1) report({ text: `${index + 1} of ${orders.length}: ${imageName(order.summary)}`, percent: (index / orders.length) * 100 });
      for (const name of order.names.length > 0 ? order.names : [order.summary.id]) {
        const removed = await engine.actions.remove(name, { force: manner === "forced" }, signal);
        outcomes.push(removed.ok ? { ...nothing, ...removed.value } : failedOutcome(removed.error, name, order, manner));
      }
    }
  });
  return joined(outcomes);
}

const nothing: Outcome = { untagged: [], deleted: [], refusals: [], errors: [] };

function failedOutcome(error: OciError, name: string, order: RemovalOrder, manner: "forced" | "unforced"): Outcome {
  // Gone already: with another image of the same order, or by somebody else's hand.
  if (error.kind === "notFound") return nothing;
  if (error.kind !== "conflict" || error.force === undefined || manner === "forced") return { ...nothing, errors: [error] };
  return { ...nothing, refusals: [{ order: { ...order, names: order.names.filter((each) => each === name) }, reason: error.message, force: error.force }] };
}

function joined(outcomes: readonly Outcome[]): Outcome {
  return {
    untagged: outcomes.flatMap(({ untagged }) => untagged), deleted: outcomes.flatMap(({ deleted }) => deleted),
    refusals: outcomes.flatMap(({ refusals }) => refusals), errors: outcomes.flatMap(({ errors }) => errors),
  };
}
