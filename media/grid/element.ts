import type { IconName } from "./iconName.ts";

/** Attributes of an element, with `class`, `text` and handlers as `on…`. Text is always text, never HTML. */
export interface Attributes {
  readonly class?: string;
  readonly text?: string;
  readonly [name: string]: string | number | boolean | ((event: Event) => void) | undefined;
}

/** Makes an element with its children. A false or undefined attribute is left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (name === "text") made.textContent = String(value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** A codicon, silent for screen readers: its meaning is in the text next to it or in a label. */
export function icon(name: IconName): HTMLElement {
  return element("span", { class: iconClass(name), "aria-hidden": "true" });
}

/** The CSS classes that show a codicon. */
export function iconClass(name: IconName): string {
  return `codicon codicon-${name}`;
}

/** Sets a text only if it differs, so that a scroll touches few nodes. */
export function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
