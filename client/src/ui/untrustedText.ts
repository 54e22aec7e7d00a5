// Text from images, engines and registries for places where VS Code interprets it.
import { visibleText } from "../../../oci/core/visibleText.ts";

/** VS Code doesn't show more of a message, a row or a list item. An engine may send megabytes. */
const maxLine = 1000;

/** The text on one line, cut, with hidden characters spelt out. */
export function safeLine(text: string): string {
  const line = visibleText(text.slice(0, 2 * maxLine).replace(/\s+/g, " "));
  return text.length > 2 * maxLine || line.length > maxLine ? `${line.slice(0, maxLine)}…` : line;
}

/** A line for a quick pick or the status bar, which render `$(name)` as icons. */
export function safeLabel(text: string): string {
  return safeLine(text).replace(/\$\([a-z0-9-]+(?:~[a-z]+)?\)/gi, "\\$&");
}

/** Text for the clipboard, which may be pasted into a terminal. */
export function safeCopy(text: string): string {
  return visibleText(text);
}

/** A message for a notification, which renders `[text](command:…)` as links, even to commands. */
export function safeMessage(text: string): string {
  return safeLine(text).replaceAll("](", "] (");
}
