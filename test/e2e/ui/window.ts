// Actions of a user in the window, and the text that the window shows.
import type { Locator, Page } from "playwright-core";
import { eventually } from "./eventually.ts";

/** Clicks in the middle. Playwright's own click scrolls parts of the window into view that users can't scroll. */
export async function click(
  target: Locator,
  options: { readonly count?: number; readonly button?: "left" | "right"; readonly holding?: "Control" } = {},
): Promise<void> {
  const { x, y } = await middle(target);
  const page = target.page();
  if (options.holding) await page.keyboard.down(options.holding);
  await page.mouse.click(x, y, { clickCount: options.count ?? 1, button: options.button ?? "left" });
  if (options.holding) await page.keyboard.up(options.holding);
}

/** Moves the mouse there from elsewhere, and leaves it. */
export async function point(target: Locator): Promise<void> {
  await moveTo(target.page(), await middle(target));
}

async function moveTo({ mouse }: Page, { x, y }: { readonly x: number; readonly y: number }): Promise<void> {
  // A position in the title bar, where nothing opens.
  await mouse.move(200, 2);
  // A hover opens where the mouse moves, not where it appears.
  await mouse.move(x - 1, y);
  await mouse.move(x, y);
}

async function middle(target: Locator): Promise<{ x: number; y: number }> {
  await target.waitFor();
  const box = await eventually(
    `a place of ${String(target)}`,
    () => target.boundingBox(),
    (found) => found !== null,
  );
  return { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
}

/**
 * Opens a file of the explorer's top level and waits for its editor. In a new window a file is plain text until the
 * languages are registered, and a palette opened before then lacks the commands for its language.
 */
export async function openFile(page: Page, name: string): Promise<void> {
  const entry = page.locator(`.explorer-folders-view [role=treeitem][aria-label^="${name}"]`).first();
  if (!(await entry.isVisible())) await showView(page, "Explorer");
  await click(entry, { count: 2 });
  await page.locator(`.editor-group-container .tab.active[data-resource-name="${name}"]`).waitFor();
  await page.locator(".editor-instance .view-line").first().waitFor();
  await eventually(
    `the language of ${name}`,
    () => page.locator("#status\\.editor\\.mode").textContent(),
    (language) => language !== null && language !== "" && language !== "Plain Text",
  );
}

/** Shows a view container of the activity bar. */
export async function showView(page: Page, title: string): Promise<void> {
  const tab = page
    .locator(`.activitybar [role=tab][aria-label^="${title}"], .activitybar .action-item:has([aria-label^="${title}"])`)
    .first();
  if (!(await tab.evaluate((element) => element.matches(".checked, [aria-selected=true]")))) await click(tab);
}

/** Runs a command by its title, as a user does from the palette. */
export async function runPaletteCommand(page: Page, title: string): Promise<void> {
  const input = page.locator(".quick-input-widget input").first();
  await page.keyboard.press("F1");
  await input.waitFor();
  await input.fill(`>${title}`);
  await pick(page, title);
}

/** Chooses the entry of the open quick pick that has this text. */
export async function pick(page: Page, text: string): Promise<void> {
  await click(page.locator(".quick-input-list:visible .monaco-list-row").filter({ hasText: text }).first());
}

/** Chooses an entry of the quick pick with this question; an earlier one may still be closing. */
export async function answer(page: Page, question: string, text: string): Promise<void> {
  await page.locator(`.quick-input-widget input[placeholder="${question}"]`).waitFor();
  await pick(page, text);
}

/** The entries of the open quick pick. */
export function picks(page: Page): Promise<string[]> {
  return texts(page.locator(".quick-input-list:visible .monaco-list-row .quick-input-list-label"));
}

/** The lines of the active editor as displayed, including hints. */
export async function lines(page: Page): Promise<string[]> {
  const all = await page.locator(".editor-instance .view-line").evaluateAll((elements) =>
    elements.map((element) => ({
      top: parseFloat((element as HTMLElement).style.top),
      text: element.textContent ?? "",
    })),
  );
  return all.sort((a, b) => a.top - b.top).map(({ text }) => text.replaceAll("\u00a0", " "));
}

/** The position of a text in the active editor; waits until it appears. */
export async function place(page: Page, text: string): Promise<Box> {
  const found = await eventually(
    `"${text}" in the editor`,
    () => find(page, text),
    (box) => box !== undefined,
  );
  return found ?? { x: 0, y: 0, width: 0, height: 0 };
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Its first position on one line; a line consists of many elements, one for each colour. */
async function find(page: Page, wanted: string): Promise<Box | undefined> {
  return page.locator(".editor-instance .view-line").evaluateAll((elements, text) => {
    for (const element of elements) {
      const start = (element.textContent ?? "").replaceAll("\u00a0", " ").indexOf(text);
      if (start < 0) continue;
      const range = document.createRange();
      const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (
        let [node, from] = [nodes.nextNode(), 0];
        node;
        [node, from] = [nodes.nextNode(), from + (node.textContent ?? "").length]
      ) {
        const end = from + (node.textContent ?? "").length;
        if (start >= from && start < end) range.setStart(node, start - from);
        if (start + text.length > from && start + text.length <= end) range.setEnd(node, start + text.length - from);
      }
      return range.getBoundingClientRect().toJSON() as Box;
    }
    return undefined;
  }, wanted);
}

/**
 * Puts the cursor into a text of the active editor. Lines move when breadcrumbs or lenses appear above them, and then a
 * click misses, so it is repeated until the cursor is there.
 */
export async function clickText(page: Page, text: string): Promise<void> {
  await eventually(
    `the cursor in "${text}"`,
    async () => {
      const { x, y, width, height } = await place(page, text);
      await page.mouse.click(x + width / 2, y + height / 2);
      return eventually("a cursor", () => isCursorIn(page, text), Boolean, clickMs).catch(() => false);
    },
    Boolean,
  );
}

/** Longer than a click takes to move the cursor. */
const clickMs = 1000;

async function isCursorIn(page: Page, text: string): Promise<boolean> {
  const box = await find(page, text);
  const cursors = await page
    .locator(".editor-instance .monaco-editor.focused .cursors-layer .cursor")
    .evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().toJSON() as Box));
  return cursors.some(
    ({ x, y, height }) =>
      box !== undefined && x >= box.x - 1 && x <= box.x + box.width + 1 && y < box.y + box.height && y + height > box.y,
  );
}

/** Moves the mouse to a text of the active editor, and leaves it there. */
export async function pointAtText(page: Page, text: string): Promise<void> {
  const { x, y, width, height } = await place(page, text);
  await moveTo(page, { x: x + width / 2, y: y + height / 2 });
}

/** The squiggles exactly under a text: "warning", "info", … */
export async function squiggles(page: Page, text: string): Promise<string[]> {
  const at = await place(page, text);
  const all = await page.locator(".editor-instance [class*=squiggly-]").evaluateAll((elements) =>
    elements.map((element) => ({
      kind: /squiggly-(\w+)/.exec(element.className)?.[1] ?? "",
      box: element.getBoundingClientRect().toJSON() as Box,
    })),
  );
  const isUnder = (box: Box): boolean =>
    Math.abs(box.x - at.x) < 2 &&
    Math.abs(box.width - at.width) < 3 &&
    box.y + box.height > at.y &&
    box.y < at.y + at.height;
  return all.filter(({ box }) => isUnder(box)).map(({ kind }) => kind);
}

/**
 * Points and waits for a hover with this text; another one may still be closing. Anything that happens in the window
 * closes a hover, and only the mouse brings it back.
 */
export async function hoverSays(page: Page, wanted: RegExp, pointThere: () => Promise<void>): Promise<string> {
  const hovers = page.locator(".monaco-hover:visible, .workbench-hover:visible");
  await pointThere();
  let lookedAtMs = Date.now();
  const look = async (): Promise<string> => {
    const texts = await hovers.allInnerTexts();
    if (texts.length > 0) lookedAtMs = Date.now();
    else if (Date.now() - lookedAtMs > lostHoverMs) {
      lookedAtMs = Date.now();
      await pointThere();
    }
    return texts.join("\n").replaceAll("\u00a0", " ");
  };
  return eventually(`a hover that says ${String(wanted)}`, look, (text) => wanted.test(text));
}

/** A hover that hasn't come by then doesn't come without a move of the mouse; it takes half a second when idle. */
const lostHoverMs = 3000;

/**
 * Opens the light bulb's menu and returns its entries. Any event in the editor closes the menu, so it may take a second
 * try.
 */
export async function openCodeActions(page: Page, open: () => Promise<void>): Promise<string[]> {
  const entries = page.locator(".action-widget .monaco-list-row.action");
  await eventually(
    "code actions",
    async () => {
      if ((await entries.count()) === 0) await open();
      return entries
        .first()
        .waitFor({ timeout: 2000 })
        .then(
          () => true,
          () => false,
        );
    },
    (isOpen) => isOpen,
  );
  return texts(entries);
}

/**
 * Chooses from the light bulb's menu, which `open` opens again if an event has closed it, or if it is that of a light
 * bulb from before the last change of the text.
 */
export async function takeCodeAction(page: Page, title: string, open: () => Promise<void>): Promise<void> {
  const entry = page.locator(".action-widget .monaco-list-row.action").filter({ hasText: title }).first();
  await eventually(
    `a choice of "${title}"`,
    async () => {
      await openCodeActions(page, open);
      const box = await entry.boundingBox({ timeout: 1000 }).catch(() => null);
      if (box) await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      else await page.keyboard.press("Escape");
      return box !== null;
    },
    (isChosen) => isChosen,
  );
}

/** The rows of the images view as read by a screen reader, with their depth as indentation. */
export async function imageRows(page: Page): Promise<string[]> {
  return page.locator(".pane-body [role=treeitem]").evaluateAll((rows) =>
    // A row that was scrolled out of view while focused stays in the document, without a level.
    rows
      .filter((row) => Number(row.getAttribute("aria-level")) > 0)
      .map(
        (row) =>
          `${"  ".repeat(Number(row.getAttribute("aria-level")) - 1)}${(row.getAttribute("aria-label") ?? "").trim()}`,
      ),
  );
}

/** A row of the images view, by the start of its text for a screen reader. */
export function imageRow(page: Page, beginning: string): Locator {
  return page.locator(`.pane-body [role=treeitem][aria-label^="${beginning}"]`).first();
}

/**
 * Opens a row that has children. VS Code loses the opening of a row while it requests all rows again; then the row is
 * opened once more, as a user would.
 */
export async function expand(row: Locator): Promise<void> {
  let clickedAtMs = 0;
  await eventually(
    "an open row",
    async () => {
      const state = await row.evaluate(stateOfRow);
      if (state === "closed" && Date.now() - clickedAtMs > settledMs) {
        clickedAtMs = Date.now();
        await click(row.locator(".monaco-tl-twistie"));
      }
      return state;
    },
    (state) => state === "open",
  );
}

/** "open" once the row after it is deeper, or it is the last on the screen. */
function stateOfRow(row: Element): "open" | "opening" | "closed" {
  if (row.getAttribute("aria-expanded") !== "true") return "closed";
  const topOf = (element: Element): number => element.getBoundingClientRect().top;
  const levelOf = (element: Element): number => Number(element.getAttribute("aria-level"));
  const after = [...(row.parentElement?.children ?? [])].filter((other) => topOf(other) > topOf(row));
  const next = after.sort((a, b) => topOf(a) - topOf(b))[0];
  return next === undefined || levelOf(next) > levelOf(row) ? "open" : "opening";
}

/** Longer than a row takes to open or close. */
const settledMs = 2000;

/** Chooses an entry of a row's context menu. */
export async function chooseInMenu(row: Locator, text: string): Promise<void> {
  await click(row, { button: "right" });
  const entry = row.page().locator(".monaco-menu .action-item", { hasText: text }).first();
  await entry.waitFor();
  // A menu ignores clicks in its first tenth of a second.
  await eventually(
    "a closed menu",
    async () => {
      if (await entry.isVisible()) await click(entry).catch(() => undefined);
      return entry.isVisible();
    },
    (isOpen) => !isOpen,
  );
}

/** The messages in the corner. */
export function messages(page: Page): Promise<string[]> {
  return texts(page.locator(".notifications-toasts .notification-list-item-message"));
}

/** Closes the messages in the corner, to distinguish the next one. */
export async function clearMessages(page: Page): Promise<void> {
  await runPaletteCommand(page, "Notifications: Clear All Notifications");
  await eventually(
    "no message",
    () => messages(page),
    (left) => left.length === 0,
  );
}

/** The language of the active editor, from the status bar. */
export async function languageStatus(page: Page): Promise<string> {
  return (await page.locator("#status\\.languageStatus").getAttribute("aria-label")) ?? "";
}

async function texts(all: Locator): Promise<string[]> {
  return (await all.allInnerTexts()).map((text) => text.replaceAll("\u00a0", " ").replace(/\s+/g, " ").trim());
}
