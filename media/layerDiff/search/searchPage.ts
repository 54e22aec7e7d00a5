import type { PartMessage, SearchReport, ViewToHost } from "../../protocol/messages.ts";
import { element } from "../../grid/element.ts";
import { ListBody } from "../list/listBody.ts";
import { stateNodes, type TabPage } from "../list/partPage.ts";
import { filterProblem } from "../query.ts";
import {
  type SearchContext,
  searchColumns,
  type SearchRow,
  searchRowClass,
  searchRows,
  searchStatus,
} from "./searchRows.ts";
import { l10n } from "../../protocol/l10n.ts";

export interface SearchEvents {
  post(message: ViewToHost): void;
  /** Called with the text, which is kept across reloads. */
  onText(text: string): void;
}

/** Finds paths in all layers of the image, including hidden and removed ones. */
export class SearchPage implements TabPage {
  readonly root: HTMLElement;
  readonly #events: SearchEvents;
  readonly #box: HTMLInputElement;
  readonly #status = element("span", { class: "status", role: "status" });
  readonly #body: ListBody<SearchRow, SearchContext, "path">;

  constructor(text: string, events: SearchEvents) {
    this.#events = events;
    this.#box = element("input", {
      type: "text",
      class: "search",
      placeholder: l10n.t("Path, glob (*.deb) or /regex/ in any layer; press Enter"),
      "aria-label": l10n.t("Search all layers by path, glob or regular expression"),
      spellcheck: "false",
      value: text,
    });
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#body = new ListBody(
      { label: l10n.t("Paths in all layers"), rowId: "found", columns: searchColumns, rowClass: searchRowClass },
      {
        post: (message) => events.post(message),
        onSort: () => undefined,
        onFold: () => undefined,
        onSearchKey: () => this.#box.focus(),
      },
    );
    const bar = element("div", { class: "bar-line wide-search" }, this.#box, this.#status);
    this.root = element("div", { class: "page" }, element("header", {}, bar), this.#body.root);
    this.#showText(l10n.t("Find a file in any layer"), l10n.t("Also files that a later layer removed or replaced"));
  }

  receive(message: PartMessage): void {
    if (message.type === "report") return message.part === "search" ? this.#show(message.report) : undefined;
    if (message.type === "partError") return this.#showText(message.title, message.message);
    this.root.dataset["state"] = "nothing";
    this.#body.showInstead(...stateNodes(message, { offer: "" }, this.#events.post));
  }

  focus(): void {
    this.#box.focus();
    this.#box.select();
  }

  /** Searches for the text in the box. */
  search(): void {
    const text = this.#box.value.trim();
    this.#events.onText(text);
    if (text === "") return;
    const problem = filterProblem(text);
    if (problem === undefined) this.#events.post({ type: "search", text });
    else this.#showText(problem, l10n.t("Without slashes the text is a part of a path, or a glob"));
  }

  #show(report: SearchReport): void {
    const rows = searchRows(report);
    this.#status.textContent = searchStatus(report);
    if (rows.length === 0) return this.#showText(l10n.t("No layer has such a path"), report.text);
    this.root.dataset["state"] = "rows";
    this.#body.show({ rows, context: { steps: report.steps }, sort: "path" });
  }

  #showText(title: string, hint: string): void {
    this.root.dataset["state"] = "nothing";
    const nodes = [element("h2", { text: title, role: "status" }), element("p", { class: "hint", text: hint })];
    this.#body.showInstead(...nodes);
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "Enter") this.search();
    else if (event.key === "ArrowDown" && this.root.dataset["state"] === "rows") this.#body.focus();
    else return;
    event.preventDefault();
  }
}
