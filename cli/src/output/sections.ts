import { code, markdownTable } from "./markdown.ts";
import { table } from "./table.ts";

/** Our own words, or text from images, which is shown as code in formats that have code. */
export type Cell = string | { readonly code: string };

/** A part of a report, with a line for each finding. */
export interface Section {
  readonly title: string;
  /**
   * "none": text output omits the title because the lines speak for themselves; "always": the title appears even
   * without rows.
   */
  readonly titleInText?: "none" | "always";
  /** The names of the columns; empty if text output doesn't need them. */
  readonly head: readonly string[];
  readonly hasHeadInText?: true;
  readonly rows: readonly (readonly Cell[])[];
  readonly summary?: string;
  /** Columns that are right-aligned in text. */
  readonly right?: ReadonlySet<number>;
}

/** Sections for a terminal. Those without findings are left out. */
export function sectionsText(sections: readonly Section[]): string {
  return sections.flatMap(sectionText).join("\n\n");
}

function sectionText({ title, titleInText, head, hasHeadInText, rows, right, summary }: Section): readonly string[] {
  if (rows.length === 0) return titleInText === "always" ? [title] : [];
  const cells = rows.map((row) => row.map(plain));
  const lines = table(hasHeadInText ? [head, ...cells] : cells, right);
  return [[...(titleInText === "none" ? [] : [title]), lines, ...(summary === undefined ? [] : [summary])].join("\n")];
}

const maxMarkdownRows = 200; // A comment on GitHub takes 65,536 characters.

/** Sections as Markdown, each with its title. */
export function sectionsMarkdown(sections: readonly Section[], nothing: string): string {
  return sections
    .map(({ title, head, rows, summary }) => {
      const shown = rows.slice(0, maxMarkdownRows);
      const more = rows.length - shown.length;
      return [
        `### ${title.slice(0, 1).toUpperCase()}${title.slice(1)}`,
        ...(rows.length === 0 ? [nothing] : []),
        ...(summary === undefined ? [] : [summary]),
        ...(rows.length === 0
          ? []
          : [
              markdownTable(
                head,
                shown.map((row) => row.map(markdown)),
              ),
            ]),
        ...(more > 0 ? [`… and ${more} more`] : []),
      ].join("\n\n");
    })
    .join("\n\n");
}

function plain(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.code;
}

function markdown(cell: Cell): string {
  return typeof cell === "string" ? cell : code(cell.code);
}
