import type { DiffHeader } from "../protocol/messages.ts";
import { element, icon, setText } from "../grid/element.ts";
import { deltaText } from "./attributes.ts";
import type { ChangeFilter, Filter } from "./filter.ts";

export interface SummaryEvents {
  onToggle(kind: ChangeFilter): void;
  onSearch(text: string): void;
  /** Moves the focus from the search box to the rows. */
  onLeaveSearch(): void;
  onOpenAll(): void;
  onCloseAll(): void;
}

export type ChangeCounts = Readonly<Record<ChangeFilter, { readonly rows: number; readonly delta: number }>>;

const chips: readonly {
  readonly kind: ChangeFilter;
  readonly symbol: string;
  readonly word: string;
  readonly tip: string;
}[] = [
  { kind: "added", symbol: "diff-added", word: "added", tip: "files and folders that are new" },
  {
    kind: "changed",
    symbol: "diff-modified",
    word: "changed",
    tip: "other content, mode, owner, link target, type or name",
  },
  { kind: "removed", symbol: "diff-removed", word: "removed", tip: "files and folders that are gone" },
  { kind: "timeOnly", symbol: "history", word: "time only", tip: "only the modification time differs" },
];

/** The head of the page: the two sides, the totals, which are filters too, and the search box. */
export class Summary {
  readonly root: HTMLElement;
  readonly #title = element("h1", {});
  readonly #subtitle = element("div", { class: "subtitle" });
  readonly #before = element("span", { class: "side" });
  readonly #after = element("span", { class: "side" });
  readonly #net = element("span", { class: "net" });
  readonly #notes = element("div", { class: "notes" });
  readonly #status = element("span", { class: "status", role: "status" });
  readonly #search: HTMLInputElement;
  readonly #chips = new Map<ChangeFilter, HTMLButtonElement>();

  constructor(events: SummaryEvents) {
    this.#search = searchBox(events);
    for (const { kind } of chips)
      this.#chips.set(
        kind,
        element("button", { type: "button", class: `chip ${kind}`, onclick: () => events.onToggle(kind) }),
      );
    this.root = element(
      "header",
      {},
      element("div", { class: "title-line" }, this.#title, this.#net),
      this.#subtitle,
      element("div", { class: "sides" }, this.#before, icon("arrow-right"), this.#after),
      this.#notes,
      element("div", { class: "bar-line" }, chipGroup([...this.#chips.values()]), searchLine(this.#search, events)),
      this.#status,
    );
  }

  showHeader({ title, subtitle = "", before, after, summary, notes }: DiffHeader): void {
    setText(this.#title, title);
    setText(this.#subtitle, subtitle);
    this.#subtitle.title = subtitle;
    setText(this.#before, before);
    setText(this.#after, after);
    this.#before.title = before;
    this.#after.title = after;
    setText(this.#net, deltaText(summary.deltaBytes) || "±0 B");
    this.#net.title = "File content after, less file content before, uncompressed";
    this.#net.className = `net ${summary.deltaBytes > 0 ? "more" : summary.deltaBytes < 0 ? "less" : ""}`;
    this.#notes.replaceChildren(...notes.map((note) => element("p", {}, icon("info"), document.createTextNode(note))));
  }

  showFilter(filter: Filter, counts: ChangeCounts): void {
    if (this.#search.value !== filter.text) this.#search.value = filter.text;
    for (const { kind, symbol, word, tip } of chips) {
      const button = this.#chips.get(kind);
      const { rows, delta } = counts[kind];
      if (!button) continue;
      button.setAttribute("aria-pressed", String(filter.shown[kind]));
      button.title = `${filter.shown[kind] ? "Hide" : "Show"}: ${tip}`;
      button.disabled = rows === 0;
      button.hidden = rows === 0 && kind === "timeOnly";
      button.replaceChildren(
        icon(symbol),
        element("b", { text: rows.toLocaleString("en") }),
        element("span", { text: word }),
        element("span", { class: "bytes", text: deltaText(delta) }),
      );
    }
  }

  showStatus(text: string): void {
    setText(this.#status, text);
  }

  focusSearch(): void {
    this.#search.focus();
    this.#search.select();
  }
}

function searchBox(events: SummaryEvents): HTMLInputElement {
  const box = element("input", {
    type: "text",
    class: "search",
    placeholder: "Filter by path or *.glob",
    "aria-label": "Filter by path or glob",
    spellcheck: "false",
  });
  box.addEventListener("input", () => events.onSearch(box.value));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && box.value !== "") {
      box.value = "";
      events.onSearch("");
    } else if (event.key === "Escape" || event.key === "ArrowDown" || event.key === "Enter") events.onLeaveSearch();
    else return;
    event.preventDefault();
  });
  return box;
}

function chipGroup(buttons: readonly HTMLElement[]): HTMLElement {
  return element("div", { class: "chips", role: "group", "aria-label": "Kinds of change to show" }, ...buttons);
}

function searchLine(box: HTMLElement, events: SummaryEvents): HTMLElement {
  const tool = (name: string, label: string, onClick: () => void): HTMLElement =>
    element(
      "button",
      { type: "button", class: "tool", title: label, "aria-label": label, onclick: onClick },
      icon(name),
    );
  return element(
    "div",
    { class: "search-line" },
    box,
    tool("expand-all", "Open all folders", () => events.onOpenAll()),
    tool("collapse-all", "Close all folders", () => events.onCloseAll()),
  );
}
