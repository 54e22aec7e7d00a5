import { commands, type LogOutputChannel, type Memento, ProgressLocation, window } from "vscode";
import { failure, type Result, success } from "../../../oci/core/error.ts";
import {
  familiarName,
  familiarReference,
  type ImageReference,
  parseReference,
  withDefaultTag,
} from "../../../oci/core/reference.ts";
import type { NameList } from "../../../oci/source/source.ts";
import { safeLabel } from "../ui/untrustedText.ts";
import { reportError } from "../ui/report.ts";
import type { Sources } from "./sources.ts";
import { l10n } from "../ui/l10n.ts";

export interface RegistryParts {
  readonly sources: Pick<Sources, "references" | "showReferences" | "tags">;
  /** Stores the open references for the next start. */
  readonly memento: Memento;
  readonly log: LogOutputChannel;
}

const mementoKey = "imagewright.references";

/**
 * Shows a reference among the images of registries: the given one, or prompts for one. The registry is only contacted
 * to list tags.
 */
export async function openReference(given: unknown, parts: RegistryParts): Promise<void> {
  const text = typeof given === "string" ? given : await enterReference();
  const parsed = text === undefined ? undefined : parseReference(text.trim());
  if (parsed === undefined) return;
  if (!parsed.ok) return reportError(parsed.error, parts.log);
  const reference = await withChosenTag(parsed.value, parts);
  if (reference === undefined) return;
  const shown = familiarReference(reference);
  await show([...parts.sources.references.filter((each) => each !== shown), shown], parts);
  // If opened from the palette, the view may be hidden.
  await commands.executeCommand("imagewright.images.focus");
}

/** Reopens the references that were open when the window closed. */
export function reopenReferences({ sources, memento }: RegistryParts): void {
  sources.showReferences(memento.get<readonly string[]>(mementoKey, []));
}

export async function closeReference(reference: string, parts: RegistryParts): Promise<void> {
  await show(
    parts.sources.references.filter((each) => each !== reference),
    parts,
  );
}

async function show(references: readonly string[], { sources, memento }: RegistryParts): Promise<void> {
  sources.showReferences(references);
  await memento.update(mementoKey, references);
}

async function enterReference(): Promise<string | undefined> {
  return window
    .showInputBox({
      title: l10n.t("Open a Registry Reference"),
      prompt: l10n.t("Shows a registry's image without pulling it. Leave out the tag to choose from a list"),
      placeHolder: l10n.t("debian, ghcr.io/owner/app:1.2 or registry.example:5000/app@sha256:…"),
      ignoreFocusOut: true,
      validateInput: (text) => {
        const parsed = parseReference(text.trim());
        return text.trim() === "" || parsed.ok ? undefined : parsed.error.message;
      },
    })
    .then((text) => (text?.trim() === "" ? undefined : text));
}

/** The reference with a chosen tag; undefined if the user chose none, or there are none. */
async function withChosenTag(
  reference: ImageReference,
  { sources, log }: RegistryParts,
): Promise<ImageReference | undefined> {
  if (reference.tag !== undefined || reference.digest !== undefined) return reference;
  const listed = await listTags(reference, sources);
  if (listed === undefined) return undefined;
  if (!listed.ok && listed.error.kind === "notAsked") return withDefaultTag(reference);
  if (!listed.ok) return void (await reportError(listed.error, log));
  const { names, isCut } = listed.value;
  const placeHolder = isCut
    ? l10n.t("Which tag of {0}? (first {1} tags)", familiarName(reference), names.length)
    : l10n.t("Which tag of {0}?", familiarName(reference));
  const chosen = await window.showQuickPick(
    names.map((tag) => ({ label: safeLabel(tag), tag })),
    { placeHolder, ignoreFocusOut: true },
  );
  return chosen && { ...reference, tag: chosen.tag };
}

/** The tags; undefined if cancelled. */
async function listTags(
  reference: ImageReference,
  sources: RegistryParts["sources"],
): Promise<Result<NameList> | undefined> {
  const name = familiarName(reference);
  return window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t("Listing the tags of {0}…", name), cancellable: true },
    async (_, token) => {
      const asking = new AbortController();
      token.onCancellationRequested(() => asking.abort());
      const listed = await sources.tags(reference, asking.signal).catch((thrown: unknown) => {
        if (!asking.signal.aborted) throw thrown;
      });
      if (!listed?.ok) return listed ?? undefined;
      // Tags that aren't valid in a reference are dropped, since they are shown and used in one.
      const names = listed.value.names.filter((tag) => parseReference(`${name}:${tag}`).ok);
      return names.length === 0
        ? failure({
            kind: "notFound",
            what: l10n.t("a tag of {0}", name),
            message: l10n.t("{0} has no tags; use a digest", name),
          })
        : success({ ...listed.value, names });
    },
  );
}
