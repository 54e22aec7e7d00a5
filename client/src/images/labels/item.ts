import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from "vscode";
import { describe } from "./describe.ts";
import type { Gauge, ItemDescription } from "./description.ts";
import { gaugeSvg } from "./gauge.ts";
import type { ImageTreeNode } from "../node.ts";
import { tooltipMarkdown } from "./tooltip.ts";

/**
 * The only place that creates tree items. Rows whose IDs are in `opened` are expanded. `withTooltip` adds the tooltip
 * later.
 */
export function itemFor(node: ImageTreeNode, nowMs: number, opened: ReadonlySet<string>): TreeItem {
  const about = describe(node, nowMs);
  const item = new TreeItem(
    about.label,
    collapsibleStates[
      about.collapsibleState === "collapsed" && opened.has(about.id) ? "expanded" : about.collapsibleState
    ],
  );
  item.id = about.id;
  item.description = about.description;
  item.iconPath = about.gauge
    ? gaugeIcons(about.gauge)
    : new ThemeIcon(about.icon, about.iconColor === undefined ? undefined : new ThemeColor(about.iconColor));
  item.contextValue = about.contextValue;
  if (about.accessibilityLabel !== undefined) item.accessibilityInformation = { label: about.accessibilityLabel };
  if (about.command)
    item.command = {
      command: about.command.id,
      title: about.command.title,
      arguments: [...(about.command.arguments ?? [])],
    };
  return item;
}

/** Adds the tooltip, without command links: the text comes from the image. */
export function withTooltip(item: TreeItem, node: ImageTreeNode, nowMs: number): TreeItem {
  item.tooltip = new MarkdownString(tooltipMarkdown(describe(node, nowMs).tooltip()));
  return item;
}

function gaugeIcons(gauge: Gauge): { readonly light: Uri; readonly dark: Uri } {
  const uri = (theme: "light" | "dark"): Uri =>
    Uri.parse(`data:image/svg+xml;base64,${Buffer.from(gaugeSvg(gauge, theme)).toString("base64")}`);
  return { light: uri("light"), dark: uri("dark") };
}

const collapsibleStates: Readonly<Record<ItemDescription["collapsibleState"], TreeItemCollapsibleState>> = {
  none: TreeItemCollapsibleState.None,
  collapsed: TreeItemCollapsibleState.Collapsed,
  expanded: TreeItemCollapsibleState.Expanded,
};
