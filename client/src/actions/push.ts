import { parseReference } from "../../../oci/core/reference.ts";
import type { ActionParts } from "./actionParts.ts";
import { shortList } from "./messages/list.ts";
import { findNamed } from "./names.ts";
import type { EngineImageTarget } from "./targets.ts";
import { neverAborted } from "../sources/source.ts";
import { progressLine, pushConfirmation, pushedMessage } from "./messages/transfer.ts";
import { l10n } from "../ui/l10n.ts";

/** Pushes the chosen names of an image, after confirming their destinations. */
export async function push(target: EngineImageTarget, parts: ActionParts): Promise<void> {
  const { dialogs } = parts;
  const { summary } = target;
  if (summary.tags.length === 0) return dialogs.showMessage(l10n.t("The image has no tag to push. Tag it first"));
  const names =
    summary.tags.length === 1
      ? summary.tags
      : ((
          await dialogs.pickMany(
            l10n.t("Push which tags?"),
            summary.tags.map((label) => ({ label, icon: "tag" })),
          )
        )?.map(({ label }) => label) ?? []);
  const references = names.flatMap((name) => {
    const parsed = parseReference(name);
    return parsed.ok ? [parsed.value] : [];
  });
  if (references.length > 0 && (await dialogs.confirm(pushConfirmation(references, summary))))
    await pushNames(target, names, parts);
}

/** Pushes the names that haven't changed since the user confirmed, however long ago that was. */
async function pushNames(target: EngineImageTarget, names: readonly string[], parts: ActionParts): Promise<void> {
  const { dialogs } = parts;
  const listed = await target.source.list(neverAborted());
  if (!listed.ok) return dialogs.showError(listed.error);
  const moved = names.filter((name) => findNamed(listed.value, name)?.id !== target.summary.id);
  if (moved.length > 0)
    return dialogs.showMessage(
      moved.length === 1
        ? l10n.t("Nothing was pushed: {0} no longer points to this image", shortList(moved))
        : l10n.t("Nothing was pushed: {0} no longer point to this image", shortList(moved)),
    );
  await Promise.all(names.map((name) => pushName(target, name, parts)));
}

async function pushName(target: EngineImageTarget, name: string, parts: ActionParts): Promise<void> {
  const { dialogs } = parts;
  const pushed = await dialogs.withProgress(l10n.t("Pushing {0}", name), ({ signal, report }) =>
    target.source.actions.push(name, { onProgress: (progress) => report(progressLine(progress)) }, signal),
  );
  if (!pushed) return;
  if (!pushed.ok) return dialogs.showError(pushed.error, () => pushNames(target, [name], parts));
  const { digest } = pushed.value;
  await dialogs.showMessage(
    pushedMessage(name, pushed.value),
    digest === undefined ? undefined : { label: l10n.t("Copy Digest"), act: () => dialogs.copy(digest) },
  );
}
