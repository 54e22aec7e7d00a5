import { type Attributes, element, icon } from "../grid/element.ts";
import type { IconName } from "../grid/iconName.ts";
import { attributeLines, type AttributeLine, deltaText } from "./attributes.ts";
import { isFolder, type TreeNode } from "./tree.ts";

export interface DetailsEvents {
  onCopyPath(path: string): void;
  onClose(): void;
}

const changeWords = {
  added: "Added",
  removed: "Removed",
  content: "Content changed",
  metadata: "Attributes changed",
  type: "Type changed",
  renamed: "Renamed",
  same: "Unchanged",
} as const;

/** Shows everything known about a file or folder in the details pane. */
export function showDetails(
  pane: HTMLElement,
  node: TreeNode | undefined,
  deltaBytes: number,
  events: DetailsEvents,
): void {
  if (node === undefined) {
    pane.replaceChildren(element("p", { class: "hint", text: "Choose a row to see what changed" }));
    return;
  }
  const { row } = node;
  const sub = row === undefined ? "Contains changes" : changeWords[row.change];
  const parts: Node[] = [
    titleElement(node.path, events),
    element("p", {
      class: "details-change",
      text: [sub, deltaText(deltaBytes)].filter((part) => part !== "").join(", "),
    }),
  ];
  if (row?.from !== undefined) parts.push(element("p", { class: "details-change", text: `From /${row.from}` }));
  if (row !== undefined) parts.push(element("dl", {}, ...attributeLines(row).flatMap(lineElements)));
  else if (isFolder(node)) parts.push(element("p", { class: "hint", text: "The folder itself didn't change" }));
  pane.replaceChildren(...parts);
}

function titleElement(path: string, events: DetailsEvents): HTMLElement {
  const tool = (name: IconName, attributes: Attributes): HTMLElement =>
    element("button", { type: "button", class: "tool", ...attributes }, icon(name));
  return element(
    "div",
    { class: "details-title" },
    element("span", { class: "details-path", text: `/${path}` }),
    tool("copy", { title: "Copy path", "aria-label": "Copy path", onclick: () => events.onCopyPath(path) }),
    tool("close", {
      title: "Close details (Space on a file)",
      "aria-label": "Close details",
      onclick: () => events.onClose(),
    }),
  );
}

function lineElements({ name, before, after, differs }: AttributeLine): readonly Node[] {
  const term = element("dt", { text: name });
  if (!differs || before === undefined || after === undefined)
    return [term, element("dd", { text: after ?? before ?? "none" })];
  const value = element(
    "dd",
    { class: "differs" },
    element("del", {}, element("span", { class: "spoken", text: "was " }), document.createTextNode(before)),
    icon("arrow-right"),
    element("ins", {}, element("span", { class: "spoken", text: "is now " }), document.createTextNode(after)),
  );
  return [term, value];
}
