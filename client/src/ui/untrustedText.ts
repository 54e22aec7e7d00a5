// Text of images, engines and registries in places where VS Code obeys what it is given.
import { visibleText } from "../../../oci/core/visibleText.ts";

/** As much as VS Code shows of a message; no row or line of a list shows more. An engine may send megabytes. */
const maxLine = 1000;

/** On one line, cut, and with hidden characters spelt out. */
export function safeLine(text: string): string {
  const line = visibleText(text.slice(0, 2 * maxLine).replace(/\s+/g, " "));
  return text.length > 2 * maxLine || line.length > maxLine ? `${line.slice(0, maxLine)}…` : line;
}

/** A line for a quick pick or the status bar, which draw icons for `$(name)`. */
export function safeLabel(text: string): string {
  return safeLine(text).replace(/\$\([a-z0-9-]+(?:~[a-z]+)?\)/gi, "\\$&");
}

/** Text for the clipboard, from where it may be pasted into a terminal. */
export function safeCopy(text: string): string {
  return visibleText(text);
}

/** A message for a notification, which makes links, of commands too, of `[text](command:…)`. */
export function safeMessage(text: string): string {
  return safeLine(text).replaceAll("](", "] (");
}
