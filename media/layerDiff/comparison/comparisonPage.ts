import type {
  ComparisonLine,
  ComparisonReport,
  ComparisonSection,
  PartMessage,
  ViewToHost,
} from "../../protocol/messages.ts";
import { element } from "../../grid/element.ts";
import { stateNodes, type TabPage } from "../list/partPage.ts";
import { l10n } from "../../protocol/l10n.ts";

const marks: Readonly<Record<ComparisonLine["change"], string>> = { added: "A", removed: "D", changed: "M", same: "" };

const changeWords: Readonly<Record<ComparisonLine["change"], string>> = {
  added: l10n.t("added"),
  removed: l10n.t("removed"),
  changed: l10n.t("changed"),
  same: l10n.t("unchanged"),
};

/** More rows are too many to read, and would make the page slow. */
const maxLines = 2000;

/** The tab of differences other than files: packages and, for two images, configuration, layers and history. */
export class ComparisonPage implements TabPage {
  readonly root: HTMLElement;
  readonly #post: (message: ViewToHost) => void;
  readonly #placeholder = element("div", { class: "waiting" });
  readonly #sections = element("div", {
    class: "comparison",
    tabindex: 0,
    role: "region",
    "aria-label": l10n.t("Comparison"),
  });

  constructor(post: (message: ViewToHost) => void) {
    this.#post = post;
    const body = element("div", { class: "body" }, this.#placeholder, this.#sections);
    this.root = element("div", { class: "page no-head" }, body);
  }

  receive(message: PartMessage): void {
    if (message.type === "report") return message.part === "comparison" ? this.#show(message.report) : undefined;
    this.root.dataset["state"] = "waiting";
    const offer = l10n.t("Comparing packages requires reading all layers");
    this.#placeholder.replaceChildren(...stateNodes(message, { offer }, this.#post));
  }

  focus(): void {
    this.#sections.focus();
  }

  #show({ sections }: ComparisonReport): void {
    this.root.dataset["state"] = "rows";
    this.#sections.replaceChildren(...sections.flatMap(sectionElements));
  }
}

function sectionElements({ title, note, lines }: ComparisonSection): readonly HTMLElement[] {
  const different = lines.filter(({ change }) => change !== "same").length;
  const omitted = lines.length - maxLines;
  return [
    element(
      "h2",
      {},
      document.createTextNode(`${title} `),
      element("span", { class: "hint", text: differencesText(different) }),
    ),
    ...(note === undefined ? [] : [element("p", { class: "hint", text: note })]),
    ...(lines.length === 0 ? [] : [table(title, lines.slice(0, maxLines))]),
    ...(omitted > 0 ? [element("p", { class: "hint", text: l10n.t("{0} more", omitted.toLocaleString("en")) })] : []),
  ];
}

function differencesText(count: number): string {
  if (count === 0) return l10n.t("no differences");
  return count === 1 ? l10n.t("1 difference") : l10n.t("{0} differences", count.toLocaleString("en"));
}

function table(title: string, lines: readonly ComparisonLine[]): HTMLElement {
  const head = ["", l10n.t("Name"), l10n.t("Before"), l10n.t("After")].map((text) =>
    element("th", { scope: "col", text }),
  );
  return element(
    "table",
    { "aria-label": title },
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...lines.map(lineElement)),
  );
}

function lineElement({ change, name, before, after }: ComparisonLine): HTMLElement {
  return element(
    "tr",
    { class: change },
    element("td", { class: "mark", title: changeWords[change], text: marks[change] }),
    element("th", { scope: "row", text: name }),
    element("td", { text: before }),
    element("td", { text: after }),
  );
}
