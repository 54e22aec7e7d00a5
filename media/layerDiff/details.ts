import { type Attributes, element, icon } from "../grid/element.ts";
import type { IconName } from "../grid/iconName.ts";
import { attributeLines, type AttributeLine, deltaText } from "./attributes.ts";
import { isFolder, type TreeNode } from "./tree.ts";
import { l10n } from "../protocol/l10n.ts";

export interface DetailsEvents {
  onCopyPath(path: string): void;
  onClose(): void;
}

const changeWords = {
  added: l10n.t("Added"),
  removed: l10n.t("Removed"),
  content: l10n.t("Content changed"),
  metadata: l10n.t("Attributes changed"),
  type: l10n.t("Type changed"),
  renamed: l10n.t("Renamed"),
  same: l10n.t("Unchanged"),
} as const;

/** Shows everything known about a file or folder in the details pane. */
export function showDetails(
  pane: HTMLElement,
  node: TreeNode | undefined,
  deltaBytes: number,
  events: DetailsEvents,
): void {
  if (node === undefined) {
    pane.replaceChildren(element("p", { class: "hint", text: l10n.t("Choose a row to see what changed") }));
    return;
  }
  const { row } = node;
  const sub = row === undefined ? l10n.t("Contains changes") : changeWords[row.change];
  const parts: Node[] = [
    titleElement(node.path, events),
    element("p", {
      class: "details-change",
      text: [sub, deltaText(deltaBytes)].filter((part) => part !== "").join(", "),
    }),
  ];
  if (row?.from !== undefined)
    parts.push(element("p", { class: "details-change", text: l10n.t("From /{0}", row.from) }));
  if (row !== undefined) parts.push(element("dl", {}, ...attributeLines(row).flatMap(lineElements)));
  else if (isFolder(node)) parts.push(element("p", { class: "hint", text: l10n.t("The folder itself didn't change") }));
  pane.replaceChildren(...parts);
}

function titleElement(path: string, events: DetailsEvents): HTMLElement {
  const tool = (name: IconName, attributes: Attributes): HTMLElement =>
    element("button", { type: "button", class: "tool", ...attributes }, icon(name));
  return element(
    "div",
    { class: "details-title" },
    element("span", { class: "details-path", text: `/${path}` }),
    tool("copy", {
      title: l10n.t("Copy path"),
      "aria-label": l10n.t("Copy path"),
      onclick: () => events.onCopyPath(path),
    }),
    tool("close", {
      title: l10n.t("Close details (Space on a file)"),
      "aria-label": l10n.t("Close details"),
      onclick: () => events.onClose(),
    }),
  );
}

function lineElements({ name, before, after, differs }: AttributeLine): readonly Node[] {
  const term = element("dt", { text: name });
  if (!differs || before === undefined || after === undefined)
    return [term, element("dd", { text: after ?? before ?? l10n.t("none") })];
  const value = element(
    "dd",
    { class: "differs" },
    element(
      "del",
      {},
      element("span", { class: "spoken", text: `${l10n.t("was")} ` }),
      document.createTextNode(before),
    ),
    icon("arrow-right"),
    element(
      "ins",
      {},
      element("span", { class: "spoken", text: `${l10n.t("is now")} ` }),
      document.createTextNode(after),
    ),
  );
  return [term, value];
}
