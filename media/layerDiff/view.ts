import { formatBytes } from "../../oci/core/bytes.ts";
import { element, setText } from "../grid/element.ts";
import type { HostToView } from "../protocol/messages.ts";
import { LayerBar } from "./layerBar.ts";
import { Page, type PageHost } from "./page.ts";
import { totalsText } from "./wasteRows.ts";
import { WastePage } from "./wastePage.ts";

type TabName = "changes" | "waste";

/** The whole webview: changes and waste, one tab each. */
export class View {
  readonly root: HTMLElement;
  readonly #host: PageHost;
  readonly #changes: Page;
  readonly #waste: WastePage;
  readonly #tabs: Readonly<Record<TabName, HTMLElement>>;
  readonly #wasteLabel = element("span", { text: "Waste" });
  readonly #totals = element("span", { class: "image-totals", role: "status" });
  readonly #bar: LayerBar;
  #pageState: object;
  #shown: TabName;

  constructor(host: PageHost) {
    this.#host = host;
    this.#pageState = typeof host.kept === "object" && host.kept !== null ? host.kept : {};
    this.#shown = tabOf(this.#pageState);
    this.#changes = new Page({ ...host, kept: host.kept, keep: (state) => this.#keep({ ...(state as object) }) });
    this.#waste = new WastePage((message) => host.post(message));
    this.#bar = new LayerBar((layerIndex) => host.post({ type: "showLayer", layerIndex }));
    this.#tabs = {
      changes: this.#tab("changes", element("span", { text: "Changes" })),
      waste: this.#tab("waste", this.#wasteLabel),
    };
    const list = element("div", { role: "tablist", class: "tabs", "aria-label": "Views" });
    list.append(this.#tabs.changes, this.#tabs.waste);
    list.addEventListener("keydown", (event) => this.#key(event));
    for (const [name, panel] of [
      ["changes", this.#changes.root],
      ["waste", this.#waste.root],
    ] as const) {
      panel.id = `panel-${name}`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `tab-${name}`);
    }
    this.root = element(
      "div",
      { class: "view" },
      element("div", {}, element("div", { class: "tab-line" }, list, this.#totals), this.#bar.root),
      this.#changes.root,
      this.#waste.root,
    );
    this.root.addEventListener("keydown", (event) => this.#step(event));
    this.#show(this.#shown);
  }

  receive(message: HostToView): void {
    if (message.type === "identify")
      this.root.setAttribute("data-vscode-context", JSON.stringify({ request: message.request }));
    if (message.type === "begin") this.#bar.show(message.header.layers, message.header.layerIndex);
    if (message.type !== "waste" && message.type !== "wasteState" && message.type !== "wasteError")
      return this.#changes.receive(message);
    this.#waste.receive(message);
    const report = message.type === "waste" ? message.report : undefined;
    if (report) this.#bar.showRead(report.layers, report.base?.layerCount ?? 0);
    setText(this.#wasteLabel, report === undefined ? "Waste" : `Waste ${formatBytes(report.wastedBytes)}`);
    setText(this.#totals, report === undefined ? "" : totalsText(report));
    this.#totals.title = this.#totals.textContent;
  }

  #tab(name: TabName, label: HTMLElement): HTMLElement {
    const attributes = {
      type: "button",
      role: "tab",
      class: "tab",
      id: `tab-${name}`,
      "aria-controls": `panel-${name}`,
    };
    return element("button", { ...attributes, onclick: () => this.#show(name) }, label);
  }

  #show(name: TabName): void {
    this.#shown = name;
    this.root.dataset["tab"] = name;
    for (const each of ["changes", "waste"] as const) {
      const isShown = each === name;
      this.#tabs[each].setAttribute("aria-selected", String(isShown));
      this.#tabs[each].tabIndex = isShown ? 0 : -1;
      (each === "changes" ? this.#changes : this.#waste).root.hidden = !isShown;
    }
    this.#keep(this.#pageState);
  }

  /** Handles keys like ARIA tabs: arrows choose, Enter and Down move into the content. */
  #key(event: KeyboardEvent): void {
    const other = this.#shown === "changes" ? "waste" : "changes";
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      this.#show(other);
      this.#tabs[other].focus();
    } else if (event.key === "ArrowDown") (this.#shown === "changes" ? this.#changes : this.#waste).focus();
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
    this.#host.keep({ ...state, tab: this.#shown });
  }
}

function tabOf(kept: object): TabName {
  return "tab" in kept && kept.tab === "waste" ? "waste" : "changes";
}
