import { formatBytes } from "../../../oci/core/bytes.ts";
import type { PartMessage, ViewToHost, WasteReport } from "../../protocol/messages.ts";
import { element, icon } from "../../grid/element.ts";
import { ListBody } from "../list/listBody.ts";
import { stateNodes, type TabPage } from "../list/partPage.ts";
import { pathSearchBox } from "../list/searchBox.ts";
import { filterProblem } from "../query.ts";
import { type WasteContext, wasteColumns } from "./wasteColumns.ts";
import {
  ownersText,
  totalsText,
  wasteFound,
  type WasteGridRow,
  type WasteOwner,
  wasteRows,
  type WasteSort,
} from "./wasteRows.ts";
import { hiddenFiles, wasteTreeRows } from "./wasteTree.ts";
import { l10n } from "../../protocol/l10n.ts";

/** About a screen of rows; folders of a longer list are initially closed. */
const shortList = 40;

/** The tab of waste: files that the image ships although later layers hide them, by directory or by path. */
export class WastePage implements TabPage {
  readonly root: HTMLElement;
  readonly #post: (message: ViewToHost) => void;
  readonly #title = element("h1", {});
  readonly #totals = element("p", { class: "waste-totals" });
  readonly #owners = element("p", { class: "waste-owners" });
  readonly #chips = element("div", {
    class: "chips",
    role: "group",
    "aria-label": l10n.t("Layers whose waste is shown"),
  });
  readonly #status = element("span", { class: "status", role: "status" });
  readonly #search: HTMLInputElement;
  readonly #flat: HTMLButtonElement;
  readonly #body: ListBody<WasteGridRow, WasteContext, WasteSort>;
  #report: WasteReport | undefined;
  #sort: WasteSort = "bytes";
  #isFlat = false;
  #shownOwners: ReadonlySet<WasteOwner> = new Set(["base", "own"]);
  /** Folders that the user opened or closed. */
  readonly #folding = new Map<string, boolean>();

  constructor(post: (message: ViewToHost) => void) {
    this.#post = post;
    this.#search = pathSearchBox({ onSearch: () => this.#draw(), onLeave: () => this.#body.focus() });
    const flatLabel = l10n.t("List files without folders");
    this.#flat = element(
      "button",
      { type: "button", class: "tool", title: flatLabel, "aria-label": flatLabel, onclick: () => this.#toggleFlat() },
      icon("list-flat"),
    );
    this.#body = new ListBody(
      { label: l10n.t("Wasted files"), rowId: "waste", columns: wasteColumns, rowClass: () => "wasted-file" },
      {
        post,
        onSort: (sort) => ((this.#sort = sort), this.#draw()),
        onFold: (paths, to) => this.#fold(paths, to),
        onSearchKey: () => this.#search.focus(),
      },
    );
    this.root = element("div", { class: "page waste" }, this.#header(), this.#body.root);
  }

  receive(message: PartMessage): void {
    if (message.type === "report") return message.part === "waste" ? this.#show(message.report) : undefined;
    this.#report = undefined;
    this.root.dataset["state"] = "waiting";
    const offer = l10n.t("Finding waste requires reading all layers");
    this.#body.showInstead(...stateNodes(message, { offer }, this.#post));
  }

  focus(): void {
    if (this.root.dataset["state"] === "rows") this.#body.focus();
  }

  #header(): HTMLElement {
    return element(
      "header",
      {},
      element("div", { class: "title-line" }, this.#title),
      this.#totals,
      this.#owners,
      element(
        "div",
        { class: "bar-line" },
        element("div", { class: "net-line" }, this.#status, this.#chips),
        element("div", { class: "search-line" }, this.#search, this.#flat),
      ),
    );
  }

  #show(report: WasteReport): void {
    this.#report = report;
    this.#title.textContent = l10n.t("Waste in {0}", report.image);
    this.#totals.textContent = totalsText(report);
    this.#totals.title = l10n.t(
      "Uncompressed file content, hard-linked files counted once. Waste ships with the image but isn't visible in it",
    );
    this.#owners.textContent = ownersText(report);
    this.#draw();
  }

  #draw(): void {
    const report = this.#report;
    if (!report) return;
    const found = wasteFound(report, this.#search.value, this.#shownOwners);
    const isOpen = (path: string): boolean => this.#folding.get(path) ?? found.length <= shortList;
    const rows = this.#isFlat ? wasteRows(found, this.#sort) : wasteTreeRows(found, this.#sort, isOpen);
    this.#status.textContent = statusText(report, found);
    this.#flat.setAttribute("aria-pressed", String(this.#isFlat));
    this.#drawChips(report);
    this.root.dataset["state"] = rows.length > 0 ? "rows" : "nothing";
    if (rows.length === 0) this.#body.showInstead(element("h2", { text: this.#nothingText(report), role: "status" }));
    this.#body.show({ rows, context: report, sort: this.#sort });
  }

  #nothingText({ rows }: WasteReport): string {
    if (rows.length === 0) return l10n.t("Nothing is wasted: every file that ships is visible");
    return filterProblem(this.#search.value) ?? l10n.t("No paths match the filter");
  }

  #drawChips({ base, wastedBytes }: WasteReport): void {
    const focused = this.#chips.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
    const ofBase = base?.wastedBytes ?? 0;
    const own = wastedBytes - ofBase;
    const parts = [
      { owner: "base", label: l10n.t("base image {0}", formatBytes(ofBase)), bytes: ofBase },
      { owner: "own", label: l10n.t("own layers {0}", formatBytes(own)), bytes: own },
    ] as const;
    const chips = parts.map(({ owner, label }) =>
      element("button", {
        type: "button",
        class: "chip",
        "aria-pressed": String(this.#shownOwners.has(owner)),
        text: label,
        onclick: () => this.#toggleOwner(owner),
      }),
    );
    this.#chips.hidden = parts.some(({ bytes }) => bytes === 0);
    this.#chips.replaceChildren(...chips);
    chips.find(({ textContent }) => textContent === focused)?.focus();
  }

  #toggleOwner(owner: WasteOwner): void {
    const shown = new Set(this.#shownOwners);
    if (!shown.delete(owner)) shown.add(owner);
    this.#shownOwners = shown;
    this.#draw();
  }

  #toggleFlat(): void {
    this.#isFlat = !this.#isFlat;
    this.#draw();
  }

  #fold(paths: readonly string[], to: "open" | "closed"): void {
    for (const path of paths) this.#folding.set(path, to === "open");
    this.#draw();
  }
}

function statusText({ rows, omittedPaths }: WasteReport, shown: readonly { readonly bytes: number }[]): string {
  const bytes = formatBytes(shown.reduce((sum, one) => sum + one.bytes, 0));
  const files = hiddenFiles(rows.length);
  const listed =
    shown.length === rows.length
      ? l10n.t("{0}, {1}", files, bytes)
      : l10n.t("{0} of {1}, {2}", shown.length.toLocaleString("en"), files, bytes);
  return omittedPaths === 0
    ? listed
    : l10n.t("{0}; {1} smaller paths not listed", listed, omittedPaths.toLocaleString("en"));
}
