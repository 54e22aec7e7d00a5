import { formatBytes } from "../../oci/core/bytes.ts";
import type { ViewToHost, WasteMessage, WasteReport } from "../protocol/messages.ts";
import { element } from "../grid/element.ts";
import { Grid } from "../grid/grid.ts";
import { keyAction } from "../grid/keys.ts";
import { pageSize } from "../grid/viewport.ts";
import { wasteRowMenu } from "./rowMenu.ts";
import { pathSearchBox } from "./searchBox.ts";
import { Typeahead } from "./typeahead.ts";
import { type WasteContext, wasteColumns } from "./wasteColumns.ts";
import { ownersText, totalsText, type WasteGridRow, wasteRows, type WasteSort } from "./wasteRows.ts";

/** The tab of waste: files that the image ships although later layers hide them, by path. */
export class WastePage {
  readonly root: HTMLElement;
  readonly #post: (message: ViewToHost) => void;
  readonly #title = element("h1", {});
  readonly #totals = element("p", { class: "waste-totals" });
  readonly #owners = element("p", { class: "waste-owners" });
  readonly #status = element("span", { class: "status", role: "status" });
  readonly #placeholder = element("div", { class: "waiting" });
  readonly #search: HTMLInputElement;
  readonly #grid: Grid<WasteGridRow, WasteContext, WasteSort>;
  readonly #typeahead = new Typeahead();
  #report: WasteReport | undefined;
  #rows: readonly WasteGridRow[] = [];
  #current = 0;
  #sort: WasteSort = "bytes";

  constructor(post: (message: ViewToHost) => void) {
    this.#post = post;
    this.#search = pathSearchBox({ onSearch: () => this.#draw(), onLeave: () => this.#grid.focus() });
    this.#grid = new Grid(
      {
        label: "Wasted files",
        rowId: "waste",
        columns: wasteColumns,
        rowClass: () => "wasted-file",
        rowMenu: wasteRowMenu,
      },
      {
        onKey: (event) => this.#key(event),
        onPick: (index, part) => (this.#moveTo(index), part === "double" && this.#openFile()),
        onSort: (sort) => this.#sortBy(sort),
        onScroll: () => undefined,
      },
    );
    this.root = element(
      "div",
      { class: "page waste" },
      element(
        "header",
        {},
        element("div", { class: "title-line" }, this.#title),
        this.#totals,
        this.#owners,
        element("div", { class: "bar-line" }, this.#status, element("div", { class: "search-line" }, this.#search)),
      ),
      element("div", { class: "body" }, this.#placeholder, this.#grid.root),
    );
  }

  receive(message: WasteMessage): void {
    switch (message.type) {
      case "waste":
        return this.#show(message.report);
      case "wasteState":
        this.#report = undefined;
        return message.state === "notRead"
          ? this.#offer(
              "Finding waste requires reading all layers",
              "Layers not read yet will be fetched",
              "Read All Layers",
            )
          : this.#wait(message.label ?? "Reading the layers…");
      case "wasteError":
        return this.#offer(message.title, message.message, "Try Again");
      default:
        return message satisfies never;
    }
  }

  focus(): void {
    if (this.root.dataset["state"] === "rows") this.#grid.focus();
  }

  #show(report: WasteReport): void {
    this.#report = report;
    this.#title.textContent = `Waste in ${report.image}`;
    this.#totals.textContent = totalsText(report).replace(/^image: /, "");
    this.#totals.title =
      "Uncompressed file content, hard-linked files counted once. Waste ships with the image but isn't visible in it";
    this.#owners.textContent = ownersText(report);
    this.#draw();
  }

  #draw(): void {
    const report = this.#report;
    if (!report) return;
    this.#rows = wasteRows(report, this.#search.value, this.#sort);
    this.#current = Math.max(0, Math.min(this.#current, this.#rows.length - 1));
    this.#status.textContent = statusText(report, this.#rows);
    if (this.#rows.length > 0) {
      this.root.dataset["state"] = "rows";
      return this.#drawRows();
    }
    const label =
      report.rows.length === 0 ? "Nothing is wasted: every file that ships is visible" : "No paths match the filter";
    this.root.dataset["state"] = "nothing";
    this.#placeholder.replaceChildren(element("h2", { text: label, role: "status" }));
  }

  #drawRows(): void {
    const { steps } = this.#report ?? { steps: [] };
    this.#grid.show({ rows: this.#rows, context: { steps }, current: this.#current, sort: this.#sort });
  }

  #wait(label: string): void {
    this.root.dataset["state"] = "waiting";
    this.#placeholder.replaceChildren(
      element("p", { role: "status", text: label }),
      element("progress", { max: 1, "aria-label": "Reading layers" }),
    );
  }

  #offer(title: string, hint: string, action: string): void {
    this.root.dataset["state"] = "waiting";
    this.#placeholder.replaceChildren(
      element("h2", { text: title }),
      element("p", { class: "hint", text: hint }),
      element("button", {
        type: "button",
        class: "button",
        text: action,
        onclick: () => this.#post({ type: "readWaste" }),
      }),
    );
  }

  #sortBy(sort: WasteSort): void {
    this.#sort = sort;
    this.#current = 0;
    this.#draw();
    this.#grid.focus();
  }

  #moveTo(index: number): void {
    if (this.#rows[index] === undefined) return;
    this.#current = index;
    this.#grid.reveal(index);
    this.#drawRows();
  }

  #openFile(): void {
    const row = this.#rows[this.#current];
    if (row) this.#post({ type: "openRow", row: wasteRowMenu(row) });
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#grid.root) return;
    const at = { rows: this.#rows, current: this.#current, pageSize: pageSize(this.#grid.viewport) };
    const press = { key: event.key, hasControl: event.ctrlKey || event.metaKey, hasAlt: event.altKey };
    const action = keyAction(press, at);
    if (!action) return;
    event.preventDefault();
    if (action.kind === "move") this.#moveTo(action.to);
    if (action.kind === "activate") this.#openFile();
    if (action.kind === "search") this.#search.focus();
    if (action.kind === "type")
      this.#moveTo(this.#typeahead.find(action.character, this.#rows, this.#current) ?? this.#current);
    const path = this.#rows[this.#current]?.path;
    if (action.kind === "copy" && path !== undefined) this.#post({ type: "copyPath", path });
  }
}

function statusText({ rows, omittedPaths }: WasteReport, shown: readonly WasteGridRow[]): string {
  const bytes = formatBytes(shown.reduce((sum, { waste }) => sum + waste.bytes, 0));
  const count = shown.length.toLocaleString("en");
  const of = shown.length === rows.length ? "" : ` of ${rows.length.toLocaleString("en")}`;
  const more = omittedPaths === 0 ? "" : `; ${omittedPaths.toLocaleString("en")} smaller paths not listed`;
  return `${count}${of} hidden ${shown.length === 1 ? "file" : "files"}, ${bytes}${more}`;
}
