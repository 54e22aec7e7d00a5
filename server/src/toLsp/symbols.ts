import { pathToFileURL } from "node:url";
import {
  DocumentHighlightKind,
  FoldingRangeKind,
  SymbolKind,
  type DocumentHighlight,
  type DocumentLink,
  type DocumentSymbol,
  type FoldingRange,
  type Location,
  type SelectionRange,
  type SymbolInformation,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { ContextFilePath } from "../../../dockerfile/navigation/contextFile.ts";
import type { Fold } from "../../../dockerfile/navigation/folding.ts";
import type { Link } from "../../../dockerfile/navigation/links.ts";
import type { Place } from "../../../dockerfile/navigation/navigate.ts";
import type { OutlineItem } from "../../../dockerfile/navigation/outline.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Definition, PlaceInFile } from "../answers.ts";
import type { IndexedDockerfile } from "../workspace/workspaceView.ts";
import { toRange } from "../toLsp.ts";
import { fileUri } from "./fileUri.ts";

/** An entry of the outline with its children. */
export function toDocumentSymbol(document: TextDocument, item: OutlineItem): DocumentSymbol {
  return {
    name: item.name,
    detail: item.detail,
    kind: symbolKinds[item.kind],
    range: toRange(document, item.span),
    selectionRange: toRange(document, item.nameSpan),
    children: item.children.map((child) => toDocumentSymbol(document, child)),
  };
}

/** The same for editors that don't support a tree: an entry, then its children with its name. */
export function toSymbolInformation(
  document: TextDocument,
  item: OutlineItem,
  containerName?: string,
): SymbolInformation[] {
  const location = { uri: document.uri, range: toRange(document, item.span) };
  // Without a tree, details have no place other than the name.
  const name = item.kind === "stage" || item.detail === "" ? item.name : `${item.name} ${item.detail}`;
  return [
    { name, kind: symbolKinds[item.kind], location, ...(containerName !== undefined && { containerName }) },
    ...item.children.flatMap((child) => toSymbolInformation(document, child, item.name)),
  ];
}

/** Whole lines, which all editors can fold. */
export function toFoldingRange(document: TextDocument, { kind, span }: Fold): FoldingRange {
  const { start, end } = toRange(document, span);
  return {
    startLine: start.line,
    endLine: end.line,
    ...(kind === "comment" && { kind: FoldingRangeKind.Comment }),
  };
}

/** A place that is written or read. */
export function toDocumentHighlight(document: TextDocument, { span, role }: Place): DocumentHighlight {
  const kind = role === "declaration" ? DocumentHighlightKind.Write : DocumentHighlightKind.Read;
  return { range: toRange(document, span), kind };
}

/** Places in the document, in other files, or the start of a file. */
export function toLocations(document: TextDocument, found: Definition): Location | Location[] {
  return isList(found)
    ? found.map(({ file, range }) => ({ uri: pathToFileURL(file).href, range }))
    : toLocation(document, found);
}

/** A place in the document, or the start of a file. */
export function toLocation(document: TextDocument, found: Span | ContextFilePath): Location {
  if ("start" in found) return { uri: document.uri, range: toRange(document, found) };
  const start = { line: 0, character: 0 };
  return { uri: fileUri(found), range: { start, end: start } };
}

/** The target that opens when the text is clicked. */
export function toDocumentLink(document: TextDocument, { span, target }: Link): DocumentLink {
  return { range: toRange(document, span), target: "url" in target ? target.url : fileUri(target.file) };
}

/** Ranges from the innermost outwards; the position alone if there are none. */
export function toSelectionRange(document: TextDocument, spans: readonly Span[], offset: number): SelectionRange {
  const outermost = spans.at(-1) ?? { start: offset, end: offset };
  return spans
    .slice(0, -1)
    .reduceRight((parent: SelectionRange, span) => ({ range: toRange(document, span), parent }), {
      range: toRange(document, outermost),
    });
}

/** The stages of a file that isn't open. */
export function toStageSymbols({ path, stages }: IndexedDockerfile): SymbolInformation[] {
  const uri = pathToFileURL(path).href;
  return stages.map(({ name, range }) => ({ name, kind: symbolKinds.stage, location: { uri, range } }));
}

// Array.isArray doesn't narrow readonly arrays.
function isList(found: Definition): found is readonly PlaceInFile[] {
  return Array.isArray(found);
}

const symbolKinds: Readonly<Record<OutlineItem["kind"], SymbolKind>> = {
  stage: SymbolKind.Class,
  instruction: SymbolKind.Function,
  arg: SymbolKind.Property,
  env: SymbolKind.Variable,
  label: SymbolKind.Key,
};
