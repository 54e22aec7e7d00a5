// Modal dialogs above the whole window.
import type { Page } from "playwright-core";
import { eventually } from "./eventually.ts";
import { click } from "./window.ts";

/** The lines of the modal, and its buttons. */
export async function modal(page: Page): Promise<readonly string[]> {
  const box = page.locator(".monaco-dialog-box");
  await box.waitFor();
  const lines = (await box.locator(".dialog-message-text, .dialog-message-detail").allInnerTexts()).flatMap((text) =>
    text.split("\n"),
  );
  const buttons = await box.locator(".dialog-buttons .monaco-button").allInnerTexts();
  return [
    ...lines.map((line) => line.replaceAll("\u00a0", " ").trim()),
    ...buttons.map((button) => `[${button.trim()}]`),
  ].filter((line) => line !== "");
}

/** Clicks a button, and waits until this dialog is closed; another one may follow immediately. */
export async function answerModal(page: Page, button: string): Promise<void> {
  const message = page.locator(".monaco-dialog-box .dialog-message-text");
  const asked = await message.innerText();
  await click(page.locator(".monaco-dialog-box .dialog-buttons .monaco-button", { hasText: button }).first());
  await eventually(
    "no such question",
    async () => (await message.allInnerTexts()).includes(asked),
    (isOpen) => !isOpen,
  );
}
