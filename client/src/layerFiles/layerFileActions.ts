import { formatBytes } from "../../../oci/core/bytes.ts";
import { success, type Result } from "../../../oci/core/error.ts";
import type { PathVersion } from "../../../oci/images/pathHistory.ts";
import type { LayerClient } from "../../../oci/layers/client.ts";
import type { Extraction } from "../../../oci/layers/extract/extract.ts";
import type { Choice, Dialogs } from "../actions/dialogs/dialogs.ts";
import { stepLine } from "../diff/compare.ts";
import { isLayerChange, type DiffSide } from "../diff/side.ts";
import type { ImageTreeNode, LayerNode } from "../images/node.ts";
import { rowPathsOf, versionTitle, type LayerPath } from "./location.ts";
import type { SideOpener } from "./openSide.ts";
import { counted } from "../ui/phrases.ts";
import { l10n } from "../ui/l10n.ts";

export interface LayerFileParts {
  readonly dialogs: Dialogs;
  readonly open: SideOpener;
  readonly layers: Pick<LayerClient, "history" | "extract">;
  /** Shows a file in an editor; two in VS Code's diff editor. */
  showFile(path: LayerPath): Promise<void>;
  showDiff(before: LayerPath, after: LayerPath, title: string): Promise<void>;
  showInDockerfile(node: ImageTreeNode): Promise<void>;
}

/** The actions on a file in the diff view. `context` is the view's description of the row. */
export interface LayerFileActions {
  open(context: unknown): Promise<void>;
  openBefore(context: unknown): Promise<void>;
  compare(context: unknown): Promise<void>;
  copyPath(context: unknown): Promise<void>;
  extract(context: unknown): Promise<void>;
  history(context: unknown): Promise<void>;
  showInDockerfile(context: unknown): Promise<void>;
}

export function createLayerFileActions(parts: LayerFileParts): LayerFileActions {
  const newest = (context: unknown): LayerPath | undefined => {
    const { before, after } = rowPathsOf(context);
    return after ?? before;
  };
  return {
    open: async (context) => {
      const path = newest(context);
      if (path) await parts.showFile(path);
    },
    openBefore: async (context) => {
      const { before } = rowPathsOf(context);
      if (before) await parts.showFile(before);
    },
    compare: async (context) => {
      const { before, after } = rowPathsOf(context);
      if (before && after) await showChange(parts, before, after);
    },
    copyPath: async (context) => {
      const path = newest(context);
      if (!path) return;
      await parts.dialogs.copy(`/${path.path}`);
      parts.dialogs.showStatus(l10n.t("Copied /{0}", path.path));
    },
    extract: async (context) => {
      const path = newest(context);
      if (path) await extract(parts, path);
    },
    history: async (context) => {
      const path = newest(context);
      if (path) await showHistory(parts, path);
    },
    showInDockerfile: async (context) => {
      const path = newest(context);
      const node = path && (await layerNode(parts, path.side));
      if (node) await parts.showInDockerfile(node);
    },
  };
}

async function showChange({ showDiff }: LayerFileParts, before: LayerPath, after: LayerPath): Promise<void> {
  const name = after.path.slice(after.path.lastIndexOf("/") + 1);
  const layers = l10n.t(
    "{0} (layer {1} ↔ layer {2} of {3})",
    name,
    before.side.layerCount ?? "",
    after.side.layerCount ?? "",
    after.side.name,
  );
  const isOneImage = isLayerChange({ before: before.side, after: after.side });
  await showDiff(before, after, isOneImage ? layers : `${versionTitle(before)} ↔ ${versionTitle(after)}`);
}

async function extract({ dialogs, open, layers }: LayerFileParts, { side, path }: LayerPath): Promise<void> {
  const folder = await dialogs.openFolder({
    title: l10n.t("Extract /{0} to a Folder", path),
    action: l10n.t("Extract"),
  });
  if (folder === undefined) return;
  const done = await dialogs.withProgress(l10n.t("Extracting /{0}…", path), async ({ signal, report }) => {
    const opened = await open(side, signal);
    if (!opened.ok) return opened;
    const onProgress = ({ readBytes, label }: { readonly readBytes: number; readonly label: string }): void =>
      report({ text: readBytes === 0 ? label : `${label}: ${formatBytes(readBytes)}` });
    return layers.extract({ ...opened.value, path, folder }, onProgress, signal);
  });
  if (!done) return;
  if (!done.ok) return dialogs.showError(done.error);
  await dialogs.showMessage(extractedText(done.value, folder));
}

function extractedText({ files, bytes, omitted, omittedCount }: Extraction, folder: string): string {
  const done = l10n.t("Extracted {0} ({1}) to {2}", counted(files, "file"), formatBytes(bytes), folder);
  const [first] = omitted;
  if (!first) return done;
  const left = `/${first.path} (${first.reason})`;
  return omittedCount === 1
    ? l10n.t("{0}. Left out: {1}", done, left)
    : l10n.t("{0}. Left out: {1}, and {2} more", done, left, omittedCount - 1);
}

const changeWords: Readonly<Record<PathVersion["change"], string>> = {
  added: l10n.t("added"),
  replaced: l10n.t("changed"),
  metadata: l10n.t("attributes changed"),
  identical: l10n.t("stored again, identical"),
  removed: l10n.t("removed"),
};

const changeIcons: Readonly<Record<PathVersion["change"], string>> = {
  added: "diff-added",
  replaced: "diff-modified",
  metadata: "diff-modified",
  identical: "copy",
  removed: "diff-removed",
};

/** Lists every layer that changed the path; choosing one shows its change. */
async function showHistory(parts: LayerFileParts, { side, path }: LayerPath): Promise<void> {
  const { dialogs } = parts;
  const whole: DiffSide = { sourceId: side.sourceId, image: side.image, name: side.name };
  const found = await dialogs.withProgress(l10n.t("Finding layers that changed /{0}…", path), ({ signal }) =>
    findVersions(parts, { side: whole, path }, signal),
  );
  if (!found) return;
  if (!found.ok) return dialogs.showError(found.error);
  const chosen = await dialogs.pickOne(l10n.t("Layers of {0} That Changed /{1}", side.name, path), found.value);
  if (!chosen) return;
  const { layerIndex, change } = chosen.version;
  const asOf = (layerCount: number): LayerPath => ({ side: { ...whole, layerCount }, path });
  if (change === "removed") await parts.showFile(asOf(layerIndex));
  else if (change === "added") await parts.showFile(asOf(layerIndex + 1));
  else await showChange(parts, asOf(layerIndex), asOf(layerIndex + 1));
}

type VersionChoice = Choice & { readonly version: PathVersion };

/** The versions, newest first. */
async function findVersions(
  { open, layers }: LayerFileParts,
  { side, path }: LayerPath,
  signal: AbortSignal,
): Promise<Result<readonly VersionChoice[]>> {
  const opened = await open(side, signal);
  if (!opened.ok) return opened;
  const found = await layers.history({ ...opened.value, path }, signal);
  if (!found.ok) return found;
  const { image } = opened.value;
  return success(
    [...found.value].reverse().map((version) => choiceOf(version, image.layers[version.layerIndex]?.step?.createdBy)),
  );
}

function choiceOf(version: PathVersion, createdBy: string | undefined): VersionChoice {
  const { layerIndex, change, entry, attributes } = version;
  return {
    label: l10n.t("Layer {0}: {1}", layerIndex + 1, changeWords[change]),
    icon: changeIcons[change],
    description: entry?.kind === "file" ? formatBytes(entry.size) : "",
    detail: [attributes.join(", "), createdBy === undefined ? "" : stepLine(createdBy)]
      .filter((part) => part !== "")
      .join(" · "),
    version,
  };
}

/** The last layer of a side, as a tree node. */
async function layerNode({ open, dialogs }: LayerFileParts, side: DiffSide): Promise<LayerNode | undefined> {
  const opened = await open(side, new AbortController().signal);
  if (!opened.ok) return void (await dialogs.showError(opened.error));
  const { image } = opened.value;
  const layer = image.layers[(side.layerCount ?? image.layers.length) - 1];
  return layer && { kind: "layer", id: "", sourceId: side.sourceId, imageId: side.image, image, layer };
}
