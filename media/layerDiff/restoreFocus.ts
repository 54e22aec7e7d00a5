/**
 * Focuses the part that was focused last when the page gets the focus and no part has it. VS Code takes the focus away
 * for a menu over the page, and when the menu closes it focuses the page only.
 */
export function restoreFocus(page: Window): void {
  let last: HTMLElement | undefined;
  page.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement) last = target;
  });
  page.addEventListener("focus", () => {
    const { activeElement, body } = page.document;
    if (activeElement === body && last?.checkVisibility() === true) last.focus({ preventScroll: true });
  });
}
