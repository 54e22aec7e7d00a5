import { htmlText } from "../output/sinks.ts";

/** Markup that only {@link element} creates, so that foreign text in it is inert. */
export interface Html {
  readonly markup: string;
}

export type Child = Html | string;

type TagName =
  | "h1"
  | "h2"
  | "p"
  | "details"
  | "summary"
  | "table"
  | "thead"
  | "tbody"
  | "tr"
  | "th"
  | "td"
  | "code"
  | "meter"
  | "section"
  | "div"
  | "main";

/** Creates an element. Attribute names are ours; attribute values and texts are escaped. */
export function element(
  name: TagName,
  attributes: Readonly<Partial<Record<"class" | "scope" | "value" | "max" | "open" | "aria-label", string>>>,
  ...children: readonly Child[]
): Html {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${htmlText(value)}"`);
  const content = children.map((child) => (typeof child === "string" ? htmlText(child) : child.markup));
  return { markup: `<${name}${written.join("")}>${content.join("")}</${name}>\n` };
}

export interface TableColumn {
  readonly title: string;
  readonly isNumber?: true;
}

/** A table with a head. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly Child[])[]): Html {
  const classAt = (index: number) => (columns[index]?.isNumber ? { class: "number" } : {});
  const head = columns.map(({ title }, index) => element("th", { scope: "col", ...classAt(index) }, title));
  const body = rows.map((cells) =>
    element("tr", {}, ...cells.map((cell, index) => element("td", classAt(index), cell))),
  );
  return element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
}
