import {
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
  type Command,
  type CompletionClientCapabilities,
  type CompletionItem,
  type CompletionList,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Completion, CompletionKind } from "../../../dockerfile/assist/completion/completion.ts";
import { lookUpTagsCommand } from "../../protocol/protocol.ts";
import type { ServerCompletion, ServerCompletionList } from "../answers.ts";
import { toPinCommand, toRange } from "../toLsp.ts";
import { toMarkup } from "./markup.ts";

/** The form of completions that an editor supports. */
export interface CompletionForm {
  readonly client: CompletionClientCapabilities;
  readonly suggestCommand: string | undefined;
}

/** Converts completions to the form that an editor supports. */
export function toCompletionList(
  document: TextDocument,
  { span, items, isIncomplete }: ServerCompletionList,
  offset: number,
  form: CompletionForm,
): CompletionList {
  const replace = toRange(document, span);
  const insert = { start: replace.start, end: document.positionAt(offset) };
  const { insertReplaceSupport: takesBoth = false, snippetSupport = false } = form.client.completionItem ?? {};
  return {
    isIncomplete,
    items: (snippetSupport ? items : withoutTwins(items)).map((item, index) => {
      const newText = (snippetSupport ? item.snippet : undefined) ?? item.text ?? item.label;
      return {
        ...toItem(item, index, form),
        ...toCommand(document.uri, item, form),
        textEdit: item.span
          ? { newText, range: toRange(document, item.span) }
          : takesBoth
            ? { newText, insert, replace }
            : { newText, range: replace },
      };
    }),
  };
}

/** Removes duplicates: without tab stops, different ways to write an instruction are often the same. */
function withoutTwins(items: readonly Completion[]): readonly Completion[] {
  const texts = items.map(({ text, label }) => text ?? label);
  return items.filter((_, index) => texts.indexOf(texts[index] ?? "") === index);
}

function toItem(
  { label, kind, snippet, detail, doc, isDeprecated, filter }: Completion,
  index: number,
  { client: { completionItem = {} } }: CompletionForm,
): CompletionItem {
  const isMarked = isDeprecated && completionItem.tagSupport?.valueSet.includes(CompletionItemTag.Deprecated);
  const isSnippet = snippet !== undefined && completionItem.snippetSupport;
  return {
    label,
    kind: kinds[kind],
    // Editors sort by this, which keeps our order.
    sortText: String(index).padStart(4, "0"),
    filterText: filter ?? label,
    ...(isSnippet && { insertTextFormat: InsertTextFormat.Snippet }),
    ...(detail !== undefined && toDetail(detail, completionItem.labelDetailsSupport)),
    ...(doc !== undefined && { documentation: toMarkup(doc, completionItem.documentationFormat) }),
    ...(isMarked && { tags: [CompletionItemTag.Deprecated] }),
  };
}

/** The command that the editor runs after the insertion. */
function toCommand(
  uri: string,
  { label, reopens, effect }: ServerCompletion,
  { suggestCommand }: CompletionForm,
): { readonly command?: Command } {
  if (effect && "lookUpTags" in effect)
    return { command: { title: label, command: lookUpTagsCommand, arguments: [effect.lookUpTags] } };
  if (effect) return { command: toPinCommand(uri, label, effect) };
  return reopens && suggestCommand !== undefined ? { command: { title: "Complete", command: suggestCommand } } : {};
}

function toDetail(detail: string, hasLabelDetails = false): Pick<CompletionItem, "detail" | "labelDetails"> {
  return hasLabelDetails ? { labelDetails: { description: detail } } : { detail };
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
