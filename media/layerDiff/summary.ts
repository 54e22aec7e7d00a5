import { formatBytes } from "../../oci/core/bytes.ts";
import type { DiffHeader, ShippedBytes } from "../protocol/messages.ts";
import { element, icon, setText } from "../grid/element.ts";
import type { IconName } from "../grid/iconName.ts";
import { deltaText } from "./attributes.ts";
import { pathSearchBox } from "./list/searchBox.ts";
import type { ChangeFilter, Filter } from "./filter.ts";
import { l10n } from "../protocol/l10n.ts";

export interface SummaryEvents {
  onToggle(kind: ChangeFilter): void;
  onSearch(text: string): void;
  /** Shows only rows with a security mark, or all again. */
  onToggleSecurity(): void;
  /** Moves the focus from the search box to the rows. */
  onLeaveSearch(): void;
  /** Shows files without their folders, or the folders again. */
  onToggleFlat(): void;
  /** Shows the whole newer file system, or only the changes again. */
  onToggleWhole(): void;
  onOpenAll(): void;
  onCloseAll(): void;
}

export type ChangeCounts = Readonly<Record<ChangeFilter, { readonly rows: number; readonly delta: number }>>;

const chips: readonly {
  readonly kind: ChangeFilter;
  readonly symbol: IconName;
  readonly word: string;
  /** Of the button that shows these rows, and of the one that hides them. */
  readonly tips: readonly [show: string, hide: string];
}[] = [
  {
    kind: "added",
    symbol: "diff-added",
    word: l10n.t("added"),
    tips: [l10n.t("Show: new files and folders"), l10n.t("Hide: new files and folders")],
  },
  {
    kind: "changed",
    symbol: "diff-modified",
    word: l10n.t("changed"),
    tips: [
      l10n.t("Show: changed content, mode, owner, link target, type or name"),
      l10n.t("Hide: changed content, mode, owner, link target, type or name"),
    ],
  },
  {
    kind: "removed",
    symbol: "diff-removed",
    word: l10n.t("removed"),
    tips: [l10n.t("Show: removed files and folders"), l10n.t("Hide: removed files and folders")],
  },
  {
    kind: "same",
    symbol: "circle-small",
    word: l10n.t("unchanged"),
    tips: [l10n.t("Show: files and folders that didn't change"), l10n.t("Hide: files and folders that didn't change")],
  },
  {
    kind: "timeOnly",
    symbol: "history",
    word: l10n.t("time only"),
    tips: [l10n.t("Show: only the modification time differs"), l10n.t("Hide: only the modification time differs")],
  },
];

/** `adds 151 kB to the image (62 kB compressed)`. */
export function addsText({ content, blob }: ShippedBytes): string {
  return blob !== undefined && blob < content
    ? l10n.t("adds {0} to the image ({1} compressed)", formatBytes(content), formatBytes(blob))
    : l10n.t("adds {0} to the image", formatBytes(content));
}

const addsTip = l10n.t(
  "Uncompressed file content of this layer. Files it removes or replaces still ship in the layers below.",
);

const searchHint = l10n.t(
  "Part of a path, a glob (*.deb) or a regular expression (/\\.so$/); size:>1MB, size:<10kB, owner:1000, is:security, is:setuid",
);

/** The head of the page: the two sides, the totals, which also act as filters, and the search box. */
export class Summary {
  readonly root: HTMLElement;
  readonly #title = element("h1", {});
  readonly #subtitle = element("div", { class: "subtitle" });
  /** The line of the Dockerfile that made the layer. */
  readonly #place = element("span", { class: "place" });
  readonly #before = element("span", { class: "side" });
  readonly #after = element("span", { class: "side" });
  readonly #adds = element("span", { class: "adds" });
  readonly #net = element("span", { class: "net" });
  readonly #chipGroup: HTMLElement;
  readonly #notes = element("div", { class: "notes" });
  readonly #status = element("span", { class: "status", role: "status" });
  readonly #search: HTMLInputElement;
  readonly #security: HTMLButtonElement;
  readonly #flat: HTMLButtonElement;
  readonly #whole: HTMLButtonElement;
  readonly #chips = new Map<ChangeFilter, HTMLButtonElement>();

  constructor(events: SummaryEvents) {
    this.#search = pathSearchBox({ onSearch: events.onSearch, onLeave: events.onLeaveSearch, hint: searchHint });
    for (const { kind } of chips)
      this.#chips.set(
        kind,
        element("button", { type: "button", class: `chip ${kind}`, onclick: () => events.onToggle(kind) }),
      );
    this.#security = element("button", { type: "button", class: "chip security", onclick: events.onToggleSecurity });
    this.#flat = tool("list-flat", l10n.t("List files without folders, largest first"), events.onToggleFlat);
    this.#whole = tool("list-tree", l10n.t("Show the whole file system, unchanged files too"), events.onToggleWhole);
    this.#chipGroup = chipGroup([...this.#chips.values(), this.#security]);
    this.root = element(
      "header",
      {},
      element("div", { class: "title-line" }, this.#title, this.#adds),
      element("div", { class: "subtitle-line" }, this.#place, this.#subtitle),
      element("div", { class: "sides" }, this.#before, icon("arrow-right"), this.#after),
      this.#notes,
      element(
        "div",
        { class: "bar-line" },
        element("div", { class: "net-line" }, this.#net, this.#chipGroup),
        searchLine(this.#search, [this.#whole, this.#flat], events),
      ),
      this.#status,
    );
  }

  showHeader({ title, subtitle = "", before, after, adds, summary, notes }: DiffHeader): void {
    setText(this.#title, title);
    setText(this.#subtitle, subtitle);
    this.#subtitle.title = subtitle;
    this.showPlace("");
    setText(this.#before, before);
    setText(this.#after, after);
    this.#before.title = before;
    this.#after.title = after;
    setText(this.#adds, adds === undefined ? "" : addsText(adds));
    this.#adds.title = addsTip;
    const change = deltaText(summary.deltaBytes) || "±0 B";
    setText(this.#net, l10n.t("File system {0}", change));
    this.#net.title = l10n.t(
      "Difference in file content between after and before; uncompressed, hard-linked files counted once",
    );
    this.#chipGroup.setAttribute("aria-label", l10n.t("File system {0}; kinds of change to show", change));
    this.#notes.replaceChildren(...notes.map((note) => element("p", {}, icon("info"), document.createTextNode(note))));
  }

  /** Shows the line of the Dockerfile that made the layer; empty if unknown. */
  showPlace(text: string): void {
    setText(this.#place, text);
    this.#place.title = text;
  }

  showFilter(filter: Filter, counts: ChangeCounts): void {
    if (this.#search.value !== filter.text) this.#search.value = filter.text;
    for (const { kind, symbol, word, tips } of chips) {
      const button = this.#chips.get(kind);
      const { rows, delta } = counts[kind];
      if (!button) continue;
      button.setAttribute("aria-pressed", String(filter.shown[kind]));
      button.title = tips[filter.shown[kind] ? 1 : 0];
      button.disabled = rows === 0;
      button.hidden = rows === 0 && (kind === "timeOnly" || kind === "same");
      button.replaceChildren(
        icon(symbol),
        element("b", { text: rows.toLocaleString("en") }),
        element("span", { text: word }),
        element("span", { class: "bytes", text: deltaText(delta) }),
      );
    }
  }

  /** Shows the button for security marks; hidden if no row has one. */
  showSecurity(markedCount: number, isPressed: boolean): void {
    this.#security.hidden = markedCount === 0;
    this.#security.setAttribute("aria-pressed", String(isPressed));
    this.#security.title = isPressed
      ? l10n.t("Show all changes")
      : l10n.t("Show only these: setuid, setgid, world-writable, capabilities, names of secrets, accounts");
    const count = element("b", { text: markedCount.toLocaleString("en") });
    this.#security.replaceChildren(icon("shield"), count, element("span", { text: l10n.t("security") }));
  }

  showFlat(isFlat: boolean): void {
    this.#flat.setAttribute("aria-pressed", String(isFlat));
  }

  showWhole(isWhole: boolean): void {
    this.#whole.setAttribute("aria-pressed", String(isWhole));
  }

  showStatus(text: string): void {
    setText(this.#status, text);
  }

  focusSearch(): void {
    this.#search.focus();
    this.#search.select();
  }
}

function chipGroup(buttons: readonly HTMLElement[]): HTMLElement {
  return element("div", { class: "chips", role: "group" }, ...buttons);
}

function tool(name: IconName, label: string, onClick: () => void): HTMLButtonElement {
  const attributes = { type: "button", class: "tool", title: label, "aria-label": label, onclick: onClick };
  return element("button", attributes, icon(name));
}

function searchLine(box: HTMLElement, toggles: readonly HTMLElement[], events: SummaryEvents): HTMLElement {
  return element(
    "div",
    { class: "search-line" },
    box,
    ...toggles,
    tool("expand-all", l10n.t("Expand all folders"), () => events.onOpenAll()),
    tool("collapse-all", l10n.t("Collapse all folders"), () => events.onCloseAll()),
  );
}
