import { element } from "../../grid/element.ts";
import { l10n } from "../../protocol/l10n.ts";

export interface SearchBoxEvents {
  onSearch(text: string): void;
  /** Moves the focus from the search box to the rows. */
  onLeave(): void;
  /** Text that the filter accepts in addition to paths. */
  readonly hint?: string;
}

/** A box that filters rows by path. Escape first empties it, then leaves it. */
export function pathSearchBox(events: SearchBoxEvents): HTMLInputElement {
  const box = element("input", {
    type: "text",
    class: "search",
    placeholder: l10n.t("Filter by path, glob (*.deb) or /regex/"),
    "aria-label": l10n.t("Filter by path, glob or regular expression"),
    title: events.hint,
    spellcheck: "false",
  });
  box.addEventListener("input", () => events.onSearch(box.value));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.value !== "") {
      box.value = "";
      events.onSearch("");
    } else if (event.key === "Escape" || event.key === "ArrowDown" || event.key === "Enter") events.onLeave();
    else return;
    event.preventDefault();
  });
  return box;
}
