import {
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
  type CompletionClientCapabilities,
  type CompletionItem,
  type CompletionList,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type {
  Completion,
  CompletionKind,
  CompletionList as Completions,
} from "../../../dockerfile/assist/completion/completion.ts";
import { toRange } from "../toLsp.ts";
import { toMarkup } from "./markup.ts";

/** Completions in the forms that an editor knows. */
export function toCompletionList(
  document: TextDocument,
  { span, items, isIncomplete }: Completions,
  offset: number,
  client: CompletionClientCapabilities = {},
): CompletionList {
  const replace = toRange(document, span);
  const insert = { start: replace.start, end: document.positionAt(Math.max(offset, span.start)) };
  const { insertReplaceSupport: hasBothRanges = false } = client.completionItem ?? {};
  return {
    isIncomplete,
    items: items.map((item, index) => {
      const shown = toItem(item, index, client);
      const newText = insertedText(item, client);
      return { ...shown, textEdit: hasBothRanges ? { newText, insert, replace } : { newText, range: replace } };
    }),
  };
}

function toItem(
  { label, kind, snippet, detail, doc, isDeprecated, reopens }: Completion,
  index: number,
  { completionItem = {} }: CompletionClientCapabilities,
): CompletionItem {
  const marksDeprecated = completionItem.tagSupport?.valueSet.includes(CompletionItemTag.Deprecated);
  return {
    label,
    kind: kinds[kind],
    // Editors sort by this, and so keep our order.
    sortText: String(index).padStart(4, "0"),
    filterText: label,
    ...(snippet !== undefined && completionItem.snippetSupport && { insertTextFormat: InsertTextFormat.Snippet }),
    ...(detail !== undefined &&
      (completionItem.labelDetailsSupport ? { labelDetails: { description: detail } } : { detail })),
    ...(doc !== undefined && { documentation: toMarkup(doc, completionItem.documentationFormat) }),
    ...(isDeprecated && marksDeprecated && { tags: [CompletionItemTag.Deprecated] }),
    ...(reopens && { command: { title: "Complete", command: "editor.action.triggerSuggest" } }),
  };
}

function insertedText(
  { label, text, snippet }: Completion,
  { completionItem = {} }: CompletionClientCapabilities,
): string {
  return snippet !== undefined && completionItem.snippetSupport ? snippet : (text ?? label);
}

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  flag: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  option: CompletionItemKind.Property,
  stage: CompletionItemKind.Class,
  image: CompletionItemKind.Module,
  variable: CompletionItemKind.Variable,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
  user: CompletionItemKind.Constant,
  directive: CompletionItemKind.Keyword,
  rule: CompletionItemKind.EnumMember,
  label: CompletionItemKind.Field,
};
