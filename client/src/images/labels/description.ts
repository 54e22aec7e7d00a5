import { shorten } from "../../../../oci/core/text.ts";
import type { NoticeNode } from "../node.ts";

/** Everything that a row shows, as plain data; `item.ts` converts it to VS Code's TreeItem. */
export interface ItemDescription {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Codicon id. */
  readonly icon: string;
  /** Theme colour id. */
  readonly iconColor?: string;
  /** Drawn instead of the icon: a bar filled by a share from 0 to 1. */
  readonly gauge?: Gauge;
  /** Created only for the hovered row: it would take a third of the time of drawing a row. */
  readonly tooltip: () => Tooltip;
  /** Words that menus test with `viewItem =~ /…/`. */
  readonly contextValue: string;
  readonly collapsibleState: "none" | "collapsed" | "expanded";
  /** Read by screen readers instead of label and description. */
  readonly accessibilityLabel?: string;
  readonly command?: NoticeNode["command"];
}

export interface Gauge {
  readonly share: number;
  /** Shows if other images have it too, or "unknown". */
  readonly tone: "own" | "shared" | "unknown";
}

/** The text is untrusted and is escaped when converted to Markdown. */
export interface Tooltip {
  readonly title: string;
  readonly facts: readonly Fact[];
  /** Shown as code. */
  readonly code?: string;
  readonly note?: string;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** True for a value that must be exact: a digest, a path. */
  readonly isLiteral?: boolean;
}

/** The defined parts, separated by dots. */
export function joinParts(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

/** Rows are cut by their width anyway; this keeps a 100 kB heredoc out of the list. */
const maxRowText = 200;

/** The text on one line, cut to the longest useful length. */
export function rowText(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return shorten(line, maxRowText);
}
