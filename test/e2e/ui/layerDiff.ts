// The layer diff's webview as its user sees it.
import type { Frame, Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import { click, imageRow, point } from "./window.ts";

/** One visible row. */
export interface SeenRow {
  readonly level: number;
  readonly name: string;
  /** A, M, D, T; empty for a folder that only contains changes. */
  readonly mark: string;
  readonly before: string;
  readonly after: string;
  readonly delta: string;
  readonly what: string;
  readonly isCurrent: boolean;
}

/** Opens the changes of a layer with the button of its row, and waits for the rows. */
export async function openDiff(page: Page, layer: string, title: string): Promise<Frame> {
  await point(imageRow(page, layer));
  await click(imageRow(page, layer).locator('.action-label[aria-label="Show Changes in This Layer"]'));
  return shownDiff(page, title);
}

/** The webview with this title, once it is the active editor and has rows. */
export async function shownDiff(page: Page, title: string): Promise<Frame> {
  const look = async (): Promise<Frame | undefined> => {
    for (const frame of page.frames()) {
      if (frame.url().includes("fake.html") && (await isShown(frame, title))) return frame;
    }
    return undefined;
  };
  const frame = await eventually(`the layer diff "${title}"`, look, (found) => found !== undefined);
  if (frame === undefined) throw new Error("no layer diff");
  return frame;
}

/** True if shown: webviews of background editors are hidden, and removed after a while. */
async function isShown(frame: Frame, title: string): Promise<boolean> {
  const isVisible = await frame
    .frameElement()
    .then((element) => element.isVisible())
    .catch(() => false);
  if (!isVisible) return false;
  return frame
    .evaluate(
      (wanted) =>
        document.querySelector<HTMLElement>(".page")?.dataset["state"] === "rows" &&
        document.querySelector("h1")?.textContent === wanted,
      title,
    )
    .catch(() => false);
}

/** Rows from top to bottom. */
export async function diffRows(frame: Frame): Promise<readonly SeenRow[]> {
  return frame.locator("#panel-changes .sizer .row").evaluateAll((rows) => {
    const text = (row: Element, part: string): string => row.querySelector(part)?.textContent ?? "";
    return rows
      .map((row) => ({ row, index: Number(row.getAttribute("aria-rowindex")) }))
      .sort((a, b) => a.index - b.index)
      .map(({ row }) => ({
        level: Number(row.getAttribute("aria-level")),
        name: text(row, ".label"),
        mark: text(row, ".mark"),
        before: text(row, ".before"),
        after: text(row, ".after"),
        delta: text(row, ".delta"),
        what: text(row, ".what"),
        isCurrent: row.classList.contains("current"),
      }));
  });
}

/** A row in one line: `  ls M 151 kB → 151 kB mode`. */
export function inShort({ level, name, mark, before, after, delta, what }: SeenRow): string {
  const sizes = before === "" && after === "" ? "" : `${before} → ${after}`;
  return "  ".repeat(level - 1) + [name, mark, sizes.trim(), delta, what].filter((part) => part !== "").join(" ");
}

/** The name in the focused row. */
export async function currentRow(frame: Frame): Promise<string | undefined> {
  return (await diffRows(frame)).find(({ isCurrent }) => isCurrent)?.name;
}
