// The layer diff's webview, as its user sees it.
import type { Frame, Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import { click, imageRow, point } from "./window.ts";

/** One row in sight. */
export interface SeenRow {
  readonly level: number;
  readonly name: string;
  /** A, M, D, T; empty for a folder that only holds changes. */
  readonly mark: string;
  readonly before: string;
  readonly after: string;
  readonly delta: string;
  readonly what: string;
  readonly isCurrent: boolean;
}

/** Asks for what a layer changed, by the button of its row, and waits for the rows. */
export async function openDiff(page: Page, layer: string): Promise<Frame> {
  await point(imageRow(page, layer));
  await click(imageRow(page, layer).locator('.action-label[aria-label="Show What This Layer Changed"]'));
  return shownDiff(page);
}

/** The webview of the active editor, once its rows are there. */
export async function shownDiff(page: Page): Promise<Frame> {
  const frame = await eventually("a layer diff", async () => {
    for (const candidate of page.frames()) {
      const state = candidate.url().includes("fake.html") ? await stateOf(candidate) : undefined;
      if (state === "rows") return candidate;
    }
    return undefined;
  }, (found) => found !== undefined);
  if (frame === undefined) throw new Error("no layer diff");
  return frame;
}

/** Webviews of editors in the background are hidden, but alive. */
async function stateOf(frame: Frame): Promise<string | undefined> {
  const element = await frame.frameElement().catch(() => undefined);
  const isVisible = (await element?.isVisible().catch(() => false)) ?? false;
  return isVisible ? frame.evaluate(() => document.querySelector<HTMLElement>(".page")?.dataset["state"]).catch(() => undefined) : undefined;
}

/** Rows from top to bottom. */
export async function diffRows(frame: Frame): Promise<readonly SeenRow[]> {
  return frame.locator(".sizer .row").evaluateAll((rows) => {
    const text = (row: Element, part: string): string => row.querySelector(part)?.textContent ?? "";
    return rows
      .map((row) => ({ row, index: Number(row.getAttribute("aria-rowindex")) }))
      .sort((a, b) => a.index - b.index)
      .map(({ row }) => ({
        level: Number(row.getAttribute("aria-level")), name: text(row, ".label"), mark: text(row, ".mark"),
        before: text(row, ".before"), after: text(row, ".after"), delta: text(row, ".delta"), what: text(row, ".what"), isCurrent: row.classList.contains("current"),
      }));
  });
}

/** A row in one line: `  ls M 151 kB → 151 kB mode`. */
export function inShort({ level, name, mark, before, after, delta, what }: SeenRow): string {
  const sizes = before === "" && after === "" ? "" : `${before} → ${after}`;
  return "  ".repeat(level - 1) + [name, mark, sizes.trim(), delta, what].filter((part) => part !== "").join(" ");
}

/** The name in the row that the keyboard is at. */
export async function currentRow(frame: Frame): Promise<string | undefined> {
  return (await diffRows(frame)).find(({ isCurrent }) => isCurrent)?.name;
}
