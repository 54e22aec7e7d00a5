import type { ContainerSummary } from "../../../oci/core/container.ts";
import type { CommitOptions } from "../../../oci/engine/actions/actions.ts";
import type { ActionParts } from "./actionParts.ts";
import { containerChoices, containerName } from "./messages/commit.ts";
import type { Dialogs } from "./dialogs/dialogs.ts";
import { completeName, newNameProblem } from "./names.ts";
import { mayMoveName } from "./tag.ts";
import { chooseEngine, type EngineSource } from "./targets.ts";
import { neverAborted } from "../sources/source.ts";
import { l10n } from "../ui/l10n.ts";

/** Makes an image from the current files of a container. */
export async function commitContainer(parts: ActionParts): Promise<void> {
  const { sources, dialogs } = parts;
  const engine = await chooseEngine(l10n.t("Use a container of which engine?"), sources, dialogs);
  const container = engine && (await chooseContainer(engine, dialogs));
  const options = container && (await askOptions(parts));
  if (!engine || !options) return;
  if (options.reference === undefined || (await mayMoveName(engine, undefined, options.reference, dialogs)))
    await makeImage(engine, container, options, parts);
}

async function chooseContainer(engine: EngineSource, dialogs: Dialogs): Promise<ContainerSummary | undefined> {
  const listed = await engine.actions.containers(neverAborted());
  if (listed.ok && listed.value.length > 0)
    return (await dialogs.pickOne(l10n.t("Create an image from which container?"), containerChoices(listed.value)))
      ?.container;
  if (listed.ok) await dialogs.showMessage(l10n.t("The engine has no containers to create an image from"));
  else await dialogs.showError(listed.error);
  return undefined;
}

async function makeImage(
  engine: EngineSource,
  container: ContainerSummary,
  options: CommitOptions,
  { dialogs, reveal }: ActionParts,
): Promise<void> {
  const made = await dialogs.withProgress(
    l10n.t("Creating an image from {0}", containerName(container)),
    ({ signal }) => engine.actions.commit(container.id, options, signal),
  );
  if (!made) return;
  if (!made.ok) return dialogs.showError(made.error);
  dialogs.showStatus(l10n.t("Created {0} from {1}", options.reference ?? made.value, containerName(container)));
  await reveal(engine.id, made.value);
}

/** Prompts for options, each of which may be left empty; undefined if the user cancels. */
async function askOptions({ dialogs }: ActionParts): Promise<CommitOptions | undefined> {
  const title = l10n.t("Create an Image from a Container");
  const name = await dialogs.enter({
    title,
    prompt: l10n.t("Tag of the new image; leave empty for an untagged (dangling) image"),
    placeHolder: "app:1",
    problem: (text) => (text === "" ? undefined : newNameProblem(text)),
  });
  const comment =
    name === undefined
      ? undefined
      : await dialogs.enter({ title, prompt: l10n.t("Comment for the history (optional)"), problem: () => undefined });
  const author =
    comment === undefined
      ? undefined
      : await dialogs.enter({
          title,
          prompt: l10n.t("Author (optional)"),
          placeHolder: "Ada Lovelace <ada@example.com>",
          problem: () => undefined,
        });
  if (name === undefined || comment === undefined || author === undefined) return undefined;
  const reference = completeName(name);
  return {
    ...(reference === undefined ? {} : { reference }),
    ...(comment === "" ? {} : { comment }),
    ...(author === "" ? {} : { author }),
  };
}
