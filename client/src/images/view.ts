import { commands, type Disposable, type Memento, type QuickPickItem, type TreeView, window, workspace } from "vscode";
import { affectsSettings, changeSetting, currentSetting } from "../ui/settings.ts";
import type { ImageTreeNode } from "./node.ts";
import type { ImagesTree } from "./tree.ts";
import { decodeOptions, type Grouping, groupings, type Sorting, sortings, type ViewOptions } from "./viewOptions.ts";
import { l10n } from "../ui/l10n.ts";

/** The user's operations on the images view as a whole. */
export interface ImagesView extends Disposable {
  /**
   * The selected rows, for keyboard shortcuts: VS Code doesn't report the focused row. If nothing is selected, tells
   * the user how to select.
   */
  chosen(): readonly ImageTreeNode[];
  chooseGrouping(): Promise<void>;
  chooseSorting(): Promise<void>;
  toggleDangling(): Promise<void>;
  /** Prompts for a filter; the view updates while it is typed. */
  filter(): Promise<void>;
  clearFilter(): Promise<void>;
  /** Focuses the view and selects an image at its own place, even if a filter hides it. */
  reveal(sourceId: string, imageId: string): Promise<void>;
}

const section = "imagewright.images";
const filterKey = "imagewright.images.filter";
/** Long enough that fast typing redraws once, short enough to look immediate, in milliseconds. */
const typingMs = 80;
/** The smallest unit of an age in a row is a minute. */
const ageingMs = 60_000;

/** The current options from the settings and the workspace. */
export function currentOptions(memento: Memento): ViewOptions {
  const settings = {
    groupBy: currentSetting("groupBy"),
    sortBy: currentSetting("sortBy"),
    showsDangling: currentSetting("showsDangling"),
  };
  return decodeOptions(settings, memento.get(filterKey, ""));
}

export function createImagesView(tree: ImagesTree, memento: Memento, onFailure: (error: unknown) => void): ImagesView {
  const view = window.createTreeView(section, { treeDataProvider: tree, showCollapseAll: true, canSelectMany: true });
  const setFilter = async (text: string): Promise<void> => {
    await memento.update(filterKey, text === "" ? undefined : text);
    showFilter(view, text, onFailure);
    tree.redraw(undefined);
  };
  view.onDidExpandElement(({ element }) => tree.rememberExpansion(element, "opened"));
  view.onDidCollapseElement(({ element }) => tree.rememberExpansion(element, "closed"));
  const following = workspace.onDidChangeConfiguration(
    (change) => affectsSettings(change, ["groupBy", "sortBy", "showsDangling"]) && tree.redraw(undefined),
  );
  const refreshAges = (): void => {
    if (view.visible) tree.refreshAges(Date.now());
  };
  view.onDidChangeVisibility(refreshAges);
  const ageing = setInterval(refreshAges, ageingMs);
  showFilter(view, currentOptions(memento).filter, onFailure);
  return {
    chosen: () => {
      if (view.selection.length === 0) window.showInformationMessage(howToChoose).then(undefined, onFailure);
      return view.selection;
    },
    chooseGrouping: async () =>
      choose("groupBy", l10n.t("Group images by"), groupingItems, currentOptions(memento).groupBy),
    chooseSorting: async () => choose("sortBy", l10n.t("Sort images by"), sortingItems, currentOptions(memento).sortBy),
    toggleDangling: async () => changeSetting("showsDangling", !currentOptions(memento).showsDangling),
    filter: () => askFilter(currentOptions(memento).filter, setFilter, onFailure),
    clearFilter: () => setFilter(""),
    reveal: async (sourceId, imageId) => {
      const found =
        (await tree.find(sourceId, imageId)) ?? (await setFilter("").then(() => tree.find(sourceId, imageId)));
      if (found) await view.reveal(found, { select: true, focus: true, expand: true });
      else await commands.executeCommand(`${section}.focus`);
    },
    dispose: () => {
      clearInterval(ageing);
      following.dispose();
      view.dispose();
    },
  };
}

const howToChoose = l10n.t(
  "Select a row first with Enter, or several with Ctrl+Shift+Enter. Shift+F10 opens a row's menu",
);

function showFilter(view: TreeView<ImageTreeNode>, text: string, onFailure: (error: unknown) => void): void {
  view.message = text === "" ? "" : l10n.t("Filter: “{0}”", text);
  commands.executeCommand("setContext", "imagewright.isFiltered", text !== "").then(undefined, onFailure);
}

interface OptionItem<T> extends QuickPickItem {
  readonly value: T;
}

const groupingItems: Readonly<Record<Grouping, Omit<QuickPickItem, "picked">>> = {
  repository: { label: l10n.t("Repository"), description: l10n.t("one row per repository, tags inside") },
  source: { label: l10n.t("Source"), description: l10n.t("one list per engine, archive or registry") },
  base: { label: l10n.t("Base Image"), description: l10n.t("the image each was built from") },
  none: { label: l10n.t("Nothing"), description: l10n.t("one list") },
};

const sortingItems: Readonly<Record<Sorting, Omit<QuickPickItem, "picked">>> = {
  created: { label: l10n.t("Created"), description: l10n.t("newest first") },
  name: { label: l10n.t("Name") },
  size: { label: l10n.t("Size"), description: l10n.t("largest first") },
};

async function choose<T extends Grouping | Sorting>(
  name: "groupBy" | "sortBy",
  placeHolder: string,
  items: Readonly<Record<T, QuickPickItem>>,
  current: T,
): Promise<void> {
  const options = [...groupings, ...sortings].filter((value): value is T => value in items);
  const chosen = await window.showQuickPick(
    options.map((value): OptionItem<T> => ({
      ...items[value],
      ...(value === current ? { label: `$(check) ${items[value].label}` } : {}),
      value,
    })),
    { placeHolder },
  );
  if (chosen && chosen.value !== current) await changeSetting(name, chosen.value);
}

/** Prompts for a filter. Enter keeps the text, Escape restores the previous one. */
async function askFilter(
  before: string,
  setFilter: (text: string) => Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<void> {
  const input = window.createInputBox();
  input.title = l10n.t("Filter Images");
  input.placeholder = l10n.t("Words in a name, tag or label, or the start of an ID or digest");
  input.prompt = l10n.t("All words must match. Leave empty to show all images");
  input.value = before;
  let timer: NodeJS.Timeout | undefined;
  let shown = before;
  const show = (text: string): void => {
    clearTimeout(timer);
    if (text === shown) return;
    shown = text;
    setFilter(text).catch(onFailure);
  };
  input.onDidChangeValue((text) => {
    clearTimeout(timer);
    timer = setTimeout(() => show(text.trim()), typingMs);
  });
  await new Promise<void>((resolve) => {
    let isAccepted = false;
    input.onDidAccept(() => {
      isAccepted = true;
      input.hide();
    });
    input.onDidHide(() => {
      show(isAccepted ? input.value.trim() : before);
      input.dispose();
      resolve();
    });
    input.show();
  });
}
