import { formatBytes } from "../../oci/core/bytes.ts";
import { element, setText } from "../grid/element.ts";
import type { HostToView, PartName, WasteReport } from "../protocol/messages.ts";
import { ComparisonPage } from "./comparison/comparisonPage.ts";
import { DuplicatesPage } from "./duplicates/duplicatesPage.ts";
import { LayerBar, lineText } from "./layerBar.ts";
import type { TabPage } from "./list/partPage.ts";
import { Page, type PageHost } from "./page.ts";
import { SearchPage } from "./search/searchPage.ts";
import { totalsText } from "./waste/wasteRows.ts";
import { TreemapPage } from "./treemap/treemapPage.ts";
import { WastePage } from "./waste/wastePage.ts";
import { l10n } from "../protocol/l10n.ts";

type TabName = "changes" | "map" | PartName;

const tabs: readonly { readonly name: TabName; readonly label: string }[] = [
  { name: "changes", label: l10n.t("Changes") },
  { name: "map", label: l10n.t("Map") },
  { name: "waste", label: l10n.t("Waste") },
  { name: "search", label: l10n.t("All Layers") },
  { name: "duplicates", label: l10n.t("Duplicates") },
  { name: "comparison", label: l10n.t("Comparison") },
];

/** The whole webview: changes and further data about the image, one tab each. */
export class View {
  readonly root: HTMLElement;
  readonly #host: PageHost;
  readonly #changes: Page;
  readonly #map: TreemapPage;
  readonly #search: SearchPage;
  readonly #parts: Readonly<Record<PartName, TabPage>>;
  readonly #tabs: ReadonlyMap<TabName, HTMLElement>;
  readonly #totals = element("span", { class: "image-totals", role: "status" });
  readonly #bar: LayerBar;
  #isFollowingMap = false;
  #layerIndex: number | undefined;
  #pageState: object;
  #searched: string;
  #shown: TabName;

  constructor(host: PageHost) {
    this.#host = host;
    this.#pageState = typeof host.kept === "object" && host.kept !== null ? host.kept : {};
    this.#shown = tabOf(this.#pageState);
    this.#searched = searchOf(this.#pageState);
    const post: PageHost["post"] = (message) => host.post(message);
    const keep: PageHost["keep"] = (state) => this.#keep({ ...(state as object) });
    this.#changes = new Page({ ...host, kept: host.kept, keep }, () => this.#drawMap());
    this.#map = new TreemapPage({
      onSelect: (path) => this.#followMap(path),
      onShowInTable: () => this.#showInTable(),
    });
    const onText = (text: string): void => ((this.#searched = text), this.#keep(this.#pageState));
    this.#search = new SearchPage(this.#searched, { post, onText });
    this.#parts = {
      waste: new WastePage(post),
      search: this.#search,
      duplicates: new DuplicatesPage(post),
      comparison: new ComparisonPage(post),
    };
    this.#bar = new LayerBar((layerIndex) => host.post({ type: "showLayer", layerIndex }));
    this.#tabs = new Map(tabs.map(({ name, label }) => [name, this.#tab(name, label)]));
    const list = element(
      "div",
      { role: "tablist", class: "tabs", "aria-label": l10n.t("Views") },
      ...this.#tabs.values(),
    );
    list.addEventListener("keydown", (event) => this.#key(event));
    const tabLine = element("div", { class: "tab-line" }, list, this.#totals);
    const panels = element("div", { class: "panels" }, ...this.#panels());
    this.root = element("div", { class: "view" }, element("div", {}, tabLine, this.#bar.root), panels);
    this.root.addEventListener("keydown", (event) => this.#step(event));
    this.#show(this.#shown);
  }

  receive(message: HostToView): void {
    switch (message.type) {
      case "report":
      case "partState":
      case "partError":
        this.#parts[message.part].receive(message);
        if (message.part === "waste") this.#showTotals(message.type === "report" ? message.report : undefined);
        return;
      case "identify":
        this.root.setAttribute("data-vscode-context", JSON.stringify({ request: message.request }));
        this.#changes.receive(message);
        // Content posted to an older view of the panel, or for other sides, must be sent again.
        return this.#open(this.#shown);
      case "begin":
        this.#layerIndex = message.header.layerIndex;
        this.#bar.show(message.header.layers, this.#layerIndex);
        return this.#changes.receive(message);
      case "lines":
        this.#bar.showLines(message.origin);
        return this.#changes.showPlace(lineText(message.origin, this.#layerIndex));
      default:
        this.#changes.receive(message);
        return this.#drawMap();
    }
  }

  /** Draws what the table shows, if the map is in sight, and selects its current row there. */
  #drawMap(): void {
    if (this.#shown === "map" && !this.#isFollowingMap) this.#map.show(this.#changes.shown);
  }

  /** Moves the table beside the map to what was selected in the map. */
  #followMap(path: string): void {
    if (!this.#hasTableBeside()) return;
    // The table may have no row for a folder of the map; the map's selection stays nevertheless.
    this.#isFollowingMap = true;
    this.#changes.reveal(path);
    this.#isFollowingMap = false;
  }

  /** True if the window is wide enough to show the table beside the map. */
  #hasTableBeside(): boolean {
    return this.#changes.root.offsetWidth > 0;
  }

  #showInTable(): void {
    if (!this.#hasTableBeside()) this.#show("changes");
    this.#changes.focus();
  }

  #panels(): readonly HTMLElement[] {
    return tabs.map(({ name }) => {
      const panel = this.#pageOf(name).root;
      panel.id = `panel-${name}`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `tab-${name}`);
      return panel;
    });
  }

  #pageOf(name: TabName): Pick<TabPage, "root" | "focus"> {
    if (name === "map") return this.#map;
    return name === "changes" ? this.#changes : this.#parts[name];
  }

  #showTotals(report: WasteReport | undefined): void {
    if (report) this.#bar.showRead(report.layers, report.base?.layerCount ?? 0);
    const label = this.#tabs.get("waste")?.querySelector("span");
    if (label)
      setText(label, report === undefined ? l10n.t("Waste") : l10n.t("Waste {0}", formatBytes(report.wastedBytes)));
    setText(this.#totals, report === undefined ? "" : l10n.t("image: {0}", totalsText(report)));
    this.#totals.title = this.#totals.textContent;
  }

  #tab(name: TabName, label: string): HTMLElement {
    const attributes = {
      type: "button",
      role: "tab",
      class: "tab",
      id: `tab-${name}`,
      "aria-controls": `panel-${name}`,
    };
    const choose = (): void => (this.#show(name), this.#open(name));
    return element("button", { ...attributes, onclick: choose }, element("span", { text: label }));
  }

  #show(name: TabName): void {
    const isFromMap = this.#shown === "map" && name === "changes";
    this.#shown = name;
    this.root.dataset["tab"] = name;
    for (const [each, tab] of this.#tabs) {
      const isShown = each === name;
      tab.setAttribute("aria-selected", String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      if (isShown) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
      // Whether the table fits beside the map is up to the style sheet.
      this.#pageOf(each).root.hidden = !isShown && !(name === "map" && each === "changes");
    }
    this.#drawMap();
    if (isFromMap && this.#map.current !== "") this.#changes.reveal(this.#map.current);
    this.#keep(this.#pageState);
  }

  /** Requests the content of a tab from the host. */
  #open(name: TabName): void {
    if (name === "search") this.#search.search();
    else if (name !== "changes" && name !== "map") this.#host.post({ type: "openPart", part: name });
  }

  /** As ARIA's tabs: arrows choose, Enter and Down go into what is shown. */
  #key(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by !== 0) {
      const at = tabs.findIndex(({ name }) => name === this.#shown);
      const { name } = tabs[(at + by + tabs.length) % tabs.length] ?? { name: "changes" };
      this.#show(name);
      this.#open(name);
      this.#tabs.get(name)?.focus();
    } else if (event.key === "ArrowDown") this.#pageOf(this.#shown).focus();
    else return;
    event.preventDefault();
  }

  /** Handles Ctrl+Up and Ctrl+Down, which show another layer in place. */
  #step(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    this.#bar.step(event.key === "ArrowDown" ? 1 : -1);
  }

  #keep(state: object): void {
    this.#pageState = state;
    this.#host.keep({ ...state, tab: this.#shown, search: this.#searched });
  }
}

function tabOf(kept: object): TabName {
  return tabs.find(({ name }) => "tab" in kept && kept.tab === name)?.name ?? "changes";
}

function searchOf(kept: object): string {
  return "search" in kept && typeof kept.search === "string" ? kept.search : "";
}
