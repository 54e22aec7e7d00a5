import { imageName } from "../images/labels/names.ts";
import type { ActionParts } from "./actionParts.ts";
import type { Dialogs } from "./dialogs/dialogs.ts";
import { completeName, findNamed, newNameProblem } from "./names.ts";
import { moveConfirmation, tagEffect, tagSuggestions } from "./messages/tag.ts";
import type { EngineImageTarget, EngineSource } from "./targets.ts";
import { neverAborted } from "../sources/source.ts";
import { l10n } from "../ui/l10n.ts";

/** Gives an image another name: a suggested or a typed one. */
export async function tagImage({ source, summary }: EngineImageTarget, { dialogs, git }: ActionParts): Promise<void> {
  const [listed, description] = await Promise.all([source.list(neverAborted()), git()]);
  if (!listed.ok) return dialogs.showError(listed.error);
  const entered = await dialogs.enterOrChoose({
    title: l10n.t("Tag {0}", imageName(summary)),
    placeHolder: l10n.t("New tag, such as app:1.2.3 or registry.example/team/app:1"),
    suggestions: tagSuggestions(summary, listed.value, description, new Date().toISOString().slice(0, 10)),
    describe: (text) => tagEffect(summary.id, text, listed.value),
    problem: newNameProblem,
  });
  const reference = entered === undefined ? undefined : completeName(entered);
  if (reference === undefined) return;
  if (findNamed(listed.value, reference)?.id === summary.id)
    return dialogs.showStatus(l10n.t("{0} is already tagged {1}", imageName(summary), reference));
  if (!(await mayMoveName(source, summary.id, reference, dialogs))) return;
  const tagged = await source.actions.tag(summary.id, reference, neverAborted());
  if (!tagged.ok) return dialogs.showError(tagged.error);
  dialogs.showStatus(l10n.t("Tagged {0} as {1}", imageName(summary), reference));
}

/**
 * Asks for confirmation if a name would be taken from another image; true if no image loses it. `id` is absent for an
 * image that doesn't exist yet.
 */
export async function mayMoveName(
  engine: EngineSource,
  id: string | undefined,
  reference: string,
  dialogs: Dialogs,
): Promise<boolean> {
  const listed = await engine.list(neverAborted());
  if (!listed.ok) {
    await dialogs.showError(listed.error);
    return false;
  }
  const question = moveConfirmation(id, reference, listed.value);
  return question === undefined || dialogs.confirm(question);
}
