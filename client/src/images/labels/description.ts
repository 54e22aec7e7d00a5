import { shorten } from "../../../../oci/core/text.ts";
import type { NoticeNode } from "../node.ts";

/** All that a row shows, as plain data; `item.ts` makes VS Code's TreeItem of it. */
export interface ItemDescription {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Codicon id. */
  readonly icon: string;
  /** Theme colour id. */
  readonly iconColor?: string;
  /** Drawn instead of the icon: a bar that is filled so far, from 0 to 1. */
  readonly gauge?: Gauge;
  /** Made only for the row that is hovered: it would be a third of what drawing a row takes. */
  readonly tooltip: () => Tooltip;
  /** Words that menus test with `viewItem =~ /…/`. */
  readonly contextValue: string;
  readonly collapsibleState: "none" | "collapsed" | "expanded";
  /** What a screen reader says instead of label and description. */
  readonly accessibilityLabel?: string;
  readonly command?: NoticeNode["command"];
}

export interface Gauge {
  readonly share: number;
  /** Whether other images have it too, as far as that is known. */
  readonly tone: "own" | "shared" | "unknown";
}

/** Untrusted text all of it; escaped where it becomes Markdown. */
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
  /** A value to be read exactly: a digest, a path. */
  readonly isLiteral?: boolean;
}

/** What is there, with dots between. */
export function joinParts(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

/** Rows are cut by their width anyway; this keeps a 100 kB heredoc out of the list. */
const maxRowText = 200;

/** On one line, and no longer than a row can be. */
export function rowText(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return shorten(line, maxRowText);
}
