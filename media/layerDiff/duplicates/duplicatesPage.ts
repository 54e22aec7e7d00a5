import { formatBytes } from "../../../oci/core/bytes.ts";
import type { DuplicatesReport, PartMessage, ViewToHost } from "../../protocol/messages.ts";
import { element, icon } from "../../grid/element.ts";
import { ListBody } from "../list/listBody.ts";
import { stateNodes, type TabPage } from "../list/partPage.ts";
import { pathSearchBox } from "../list/searchBox.ts";
import { filterProblem } from "../query.ts";
import { type DuplicateRow, duplicateRows, duplicatesColumns, type DuplicatesContext } from "./duplicatesRows.ts";
import { l10n } from "../../protocol/l10n.ts";

/** The tab of files that the image ships more than once with the same content. */
export class DuplicatesPage implements TabPage {
  readonly root: HTMLElement;
  readonly #post: (message: ViewToHost) => void;
  readonly #title = element("h1", {});
  readonly #notes = element("div", { class: "notes" });
  readonly #status = element("span", { class: "status", role: "status" });
  readonly #search: HTMLInputElement;
  readonly #body: ListBody<DuplicateRow, DuplicatesContext, "bytes">;
  readonly #open = new Set<string>();
  #report: DuplicatesReport | undefined;

  constructor(post: (message: ViewToHost) => void) {
    this.#post = post;
    this.#search = pathSearchBox({ onSearch: () => this.#draw(), onLeave: () => this.#body.focus() });
    this.#body = new ListBody(
      {
        label: l10n.t("Files with the same content"),
        rowId: "duplicate",
        columns: duplicatesColumns,
        rowClass: () => "",
      },
      {
        post,
        onSort: () => undefined,
        onFold: (paths, to) => this.#fold(paths, to),
        onSearchKey: () => this.#search.focus(),
      },
    );
    this.root = element(
      "div",
      { class: "page" },
      element(
        "header",
        {},
        element("div", { class: "title-line" }, this.#title),
        this.#notes,
        element("div", { class: "bar-line" }, this.#status, element("div", { class: "search-line" }, this.#search)),
      ),
      this.#body.root,
    );
  }

  receive(message: PartMessage): void {
    if (message.type === "report") return message.part === "duplicates" ? this.#show(message.report) : undefined;
    this.#report = undefined;
    this.root.dataset["state"] = "waiting";
    this.#body.showInstead(
      ...stateNodes(message, { offer: l10n.t("Finding copies requires reading all layers") }, this.#post),
    );
  }

  focus(): void {
    if (this.root.dataset["state"] === "rows") this.#body.focus();
  }

  #show(report: DuplicatesReport): void {
    this.#report = report;
    this.#title.textContent = l10n.t("Duplicates in {0}", report.image);
    const [first] = report.groups;
    // The largest group is open as an example.
    if (first?.copies[0] && this.#open.size === 0) this.#open.add(`group ${first.copies[0].path}`);
    this.#notes.replaceChildren(
      ...report.notes.map((note) => element("p", {}, icon("info"), document.createTextNode(note))),
    );
    this.#draw();
  }

  #draw(): void {
    const report = this.#report;
    if (!report) return;
    const rows = duplicateRows(report, this.#search.value, (path) => this.#open.has(path));
    this.#status.textContent = statusText(report);
    this.root.dataset["state"] = rows.length > 0 ? "rows" : "nothing";
    if (rows.length === 0) {
      const nothing =
        report.groups.length === 0 ? l10n.t("All visible files differ") : l10n.t("No paths match the filter");
      const text = filterProblem(this.#search.value) ?? nothing;
      this.#body.showInstead(element("h2", { text, role: "status" }));
    }
    this.#body.show({ rows, context: { steps: report.steps }, sort: "bytes" });
  }

  #fold(paths: readonly string[], to: "open" | "closed"): void {
    for (const path of paths) {
      if (to === "open") this.#open.add(path);
      else this.#open.delete(path);
    }
    this.#draw();
  }
}

function statusText({ groups, groupCount, wastedBytes }: DuplicatesReport): string {
  const bytes = formatBytes(wastedBytes);
  const copies =
    groupCount === 1
      ? l10n.t("1 file has copies, which take {0}", bytes)
      : l10n.t("{0} files have copies, which take {1}", groupCount.toLocaleString("en"), bytes);
  const listed = groups.length.toLocaleString("en");
  return groupCount > groups.length ? l10n.t("{0}; the largest {1} listed", copies, listed) : copies;
}
