import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Change } from "../../../dockerfile/edit/change.ts";
import type { IndentStyle } from "../../../dockerfile/format/indentation.ts";
import type { ConfigProblem } from "../../../dockerfile/lint/config/hadolintYaml.ts";
import type { HoverText } from "../../../dockerfile/assist/hover/hoverText.ts";
import type { SignatureHelp } from "../../../dockerfile/assist/signature.ts";
import type { SemanticToken } from "../../../dockerfile/assist/semanticTokens.ts";
import type { Fold } from "../../../dockerfile/navigation/folding.ts";
import type { Link } from "../../../dockerfile/navigation/links.ts";
import type { OutlineItem } from "../../../dockerfile/navigation/outline.ts";
import type { Place } from "../../../dockerfile/navigation/navigate.ts";
import type { Renamable, Renaming } from "../../../dockerfile/navigation/rename.ts";
import type { Report } from "../../../dockerfile/lint/rule.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Action, Definition, Hint, Lens, ServerCompletionList } from "../answers.ts";
import type { EditorFormat } from "../features/formatting.ts";
import type { Session } from "../session.ts";

/** The features that the server offers for one kind of document. A kind that omits one doesn't offer it. */
export interface DocumentKind<Snapshot extends { readonly document: TextDocument }> {
  readonly id: string;
  matches(uri: string): boolean;
  /** Undefined if the document isn't open. */
  snapshot(session: Session, uri: string): Promise<Snapshot | undefined>;
  /** Findings of rules, in the document's order. */
  reports?(snapshot: Snapshot, onCrash: (ruleId: string, error: unknown) => void): readonly Report[];
  /** Problems other than the findings of rules. */
  problems?(snapshot: Snapshot): readonly ConfigProblem[];
  codeActions?(snapshot: Snapshot, reports: readonly Report[], range: Span): readonly Action[];
  /** The action that pins every image of the document. */
  pinAll?(snapshot: Snapshot): Action | undefined;
  hints?(snapshot: Snapshot, range: Span): readonly Hint[];
  lenses?(snapshot: Snapshot): readonly Lens[];
  completions?(snapshot: Snapshot, offset: number): ServerCompletionList | Promise<ServerCompletionList>;
  hover?(snapshot: Snapshot, offset: number): HoverText | undefined;
  signature?(snapshot: Snapshot, offset: number): SignatureHelp | undefined;
  semanticTokens?(snapshot: Snapshot, range: Span): readonly SemanticToken[];
  outline?(snapshot: Snapshot): readonly OutlineItem[];
  folds?(snapshot: Snapshot): readonly Fold[];
  /** The lines of a range laid out. */
  formatting?(snapshot: Snapshot, range: Span, options: EditorFormat): readonly Change[];
  /** The indentation of the line at an offset, which was just begun. */
  newLineIndentation?(snapshot: Snapshot, offset: number, style: IndentStyle): readonly Change[];
  links?(snapshot: Snapshot): readonly Link[];
  selections?(snapshot: Snapshot, offset: number): readonly Span[];
  definition?(snapshot: Snapshot, offset: number): Definition | undefined;
  places?(snapshot: Snapshot, offset: number): readonly Place[];
  renamable?(snapshot: Snapshot, offset: number): Renamable | undefined;
  rename?(snapshot: Snapshot, offset: number, name: string): Renaming | undefined;
}

/** One version of an open document with the features of its kind, computed on request. */
export interface OpenDocument {
  readonly document: TextDocument;
  reports(): readonly Report[];
  problems(): readonly ConfigProblem[];
  codeActions(reports: readonly Report[], range: Span): readonly Action[];
  /** Undefined if no image is left to pin. */
  pinAll(): Action | undefined;
  hints(range: Span): readonly Hint[];
  lenses(): readonly Lens[];
  completions(offset: number): ServerCompletionList | Promise<ServerCompletionList> | undefined;
  hover(offset: number): HoverText | undefined;
  signature(offset: number): SignatureHelp | undefined;
  semanticTokens(range: Span): readonly SemanticToken[];
  outline(): readonly OutlineItem[];
  folds(): readonly Fold[];
  formatting(range: Span, options: EditorFormat): readonly Change[];
  newLineIndentation(offset: number, style: IndentStyle): readonly Change[];
  links(): readonly Link[];
  /** The spans around an offset, innermost first. */
  selections(offset: number): readonly Span[];
  definition(offset: number): Definition | undefined;
  /** All occurrences of the thing at an offset. */
  places(offset: number): readonly Place[];
  renamable(offset: number): Renamable | undefined;
  rename(offset: number, name: string): Renaming | undefined;
}

/** A kind without the type of its snapshots, which lets different kinds fit in one table. */
export interface AnyDocumentKind {
  readonly id: string;
  matches(uri: string): boolean;
  open(session: Session, uri: string): Promise<OpenDocument | undefined>;
}

/** Erases the type of a kind's snapshots. */
export function documentKind<Snapshot extends { readonly document: TextDocument }>(
  kind: DocumentKind<Snapshot>,
): AnyDocumentKind {
  return {
    id: kind.id,
    matches: (uri) => kind.matches(uri),
    async open(session, uri) {
      const snapshot = await kind.snapshot(session, uri);
      return (
        snapshot && {
          document: snapshot.document,
          reports: () => kind.reports?.(snapshot, session.crashLog(uri)) ?? [],
          problems: () => kind.problems?.(snapshot) ?? [],
          codeActions: (reports, range) => kind.codeActions?.(snapshot, reports, range) ?? [],
          pinAll: () => kind.pinAll?.(snapshot),
          hints: (range) => kind.hints?.(snapshot, range) ?? [],
          lenses: () => kind.lenses?.(snapshot) ?? [],
          completions: (offset) => kind.completions?.(snapshot, offset),
          hover: (offset) => kind.hover?.(snapshot, offset),
          signature: (offset) => kind.signature?.(snapshot, offset),
          semanticTokens: (range) => kind.semanticTokens?.(snapshot, range) ?? [],
          outline: () => kind.outline?.(snapshot) ?? [],
          folds: () => kind.folds?.(snapshot) ?? [],
          formatting: (range, options) => kind.formatting?.(snapshot, range, options) ?? [],
          newLineIndentation: (offset, style) => kind.newLineIndentation?.(snapshot, offset, style) ?? [],
          links: () => kind.links?.(snapshot) ?? [],
          selections: (offset) => kind.selections?.(snapshot, offset) ?? [],
          definition: (offset) => kind.definition?.(snapshot, offset),
          places: (offset) => kind.places?.(snapshot, offset) ?? [],
          renamable: (offset) => kind.renamable?.(snapshot, offset),
          rename: (offset, name) => kind.rename?.(snapshot, offset, name),
        }
      );
    },
  };
}
