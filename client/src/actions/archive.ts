import type { ImageSummary } from "../../../oci/core/image.ts";
import type { ActionParts } from "./actionParts.ts";
import { chooseEngine, type EngineImageTarget } from "./targets.ts";
import { neverAborted } from "../sources/source.ts";
import { archiveName, loadedMessage, progressLine, savedMessage } from "./messages/transfer.ts";
import { counted } from "../ui/phrases.ts";
import { l10n } from "../ui/l10n.ts";

/** Saves images of one engine, at least one, into a single archive with all their names. */
export async function save(
  targets: readonly EngineImageTarget[],
  { dialogs, openArchive }: ActionParts,
): Promise<void> {
  const [first] = targets;
  if (!first) return;
  const chosen = targets.filter(({ source }) => source === first.source);
  if (chosen.length < targets.length)
    return dialogs.showMessage(
      l10n.t("An archive can't hold images from several engines. Save one engine's images at a time"),
    );
  const file = await dialogs.saveFile({
    title: l10n.t("Save Images to an Archive"),
    action: l10n.t("Save"),
    name: archiveName(chosen.flatMap(({ summary }) => namesOf(summary))),
  });
  if (file === undefined) return;
  const listed = await first.source.list(neverAborted());
  if (!listed.ok) return dialogs.showError(listed.error);
  // A name may belong to another image meanwhile; by ID, an engine reports that the image is gone.
  const names = chosen.flatMap(({ summary }) =>
    namesOf(listed.value.find(({ id }) => id === summary.id) ?? { ...summary, tags: [] }),
  );
  const saved = await dialogs.withProgress(
    l10n.t("Saving {0}", chosen.length === 1 ? (names[0] ?? "") : counted(chosen.length, "image")),
    ({ signal, report }) =>
      first.source.actions.save(names, file, { onProgress: (progress) => report(progressLine(progress)) }, signal),
  );
  if (!saved) return;
  if (!saved.ok) return dialogs.showError(saved.error);
  await dialogs.showMessage(savedMessage(chosen.length, file, saved.value.bytes), {
    label: l10n.t("Open Archive"),
    act: () => openArchive(file),
  });
}

function namesOf({ id, tags }: ImageSummary): readonly string[] {
  return tags.length > 0 ? tags : [id];
}

/** Loads an archive into an engine. Prompts for the archive if none is given. */
export async function load(given: string | undefined, { sources, dialogs, reveal }: ActionParts): Promise<void> {
  const file =
    given ??
    (await dialogs.openFile({ title: l10n.t("Load an Image Archive into the Engine"), action: l10n.t("Load") }));
  const engine =
    file === undefined ? undefined : await chooseEngine(l10n.t("Load into which engine?"), sources, dialogs);
  if (!engine || file === undefined) return;
  const before = await engine.list(neverAborted());
  if (!before.ok) return dialogs.showError(before.error);
  const loaded = await dialogs.withProgress(l10n.t("Loading {0}", file), ({ signal, report }) =>
    engine.actions.load(file, { onProgress: (progress) => report(progressLine(progress)) }, signal),
  );
  if (!loaded) return;
  if (!loaded.ok) return dialogs.showError(loaded.error);
  const after = await engine.list(neverAborted());
  if (!after.ok) return dialogs.showError(after.error);
  const image = after.value.find(({ id, tags }) => loaded.value.some((name) => name === id || tags.includes(name)));
  await dialogs.showMessage(
    loadedMessage(loaded.value, before.value, after.value),
    image && { label: l10n.t("Show Image"), act: () => reveal(engine.id, image.id) },
  );
}
