import { pathToFileURL } from "node:url";
import {
  CodeActionKind,
  DiagnosticSeverity,
  DiagnosticTag,
  MarkupKind,
  type CodeAction,
  type Command,
  type Diagnostic,
  type InlayHint,
  type MarkupContent,
  type PublishDiagnosticsParams,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { visibleText } from "../../oci/core/visibleText.ts";
import type { ConfigProblem } from "../../dockerfile/lint/config/hadolintYaml.ts";
import type { Change } from "../../dockerfile/edit/change.ts";
import type { Report, Severity } from "../../dockerfile/lint/rule.ts";
import type { Span } from "../../dockerfile/syntax/syntax.ts";
import { pinCommand, type HintData, type PinArguments } from "../protocol/protocol.ts";
import type { Action, Hint, PinEffect } from "./answers.ts";
import { escapeMarkdown } from "./toLsp/markup.ts";
import { toNewFileEdit } from "./toLsp/newFile.ts";
import type { ConfigProblems } from "./lintConfigs.ts";
import type { RulePages } from "./rulePages.ts";

/** The form of changes that an editor supports: for a version of a document, or as plain edits. */
export type EditForm = "versioned" | "plain";

// This is the only place that creates LSP types from ours (see ARCHITECTURE.md, invariants).

export function toRange(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

export function toSpan(document: TextDocument, { start, end }: Range): Span {
  return { start: document.offsetAt(start), end: document.offsetAt(end) };
}

export function toDiagnostic(document: TextDocument, report: Report, pages: RulePages): Diagnostic {
  const { rule, span, message, severity } = report;
  const page = pages(rule);
  return {
    range: toRange(document, span),
    severity: severities[severity],
    source: "imagewright",
    code: rule.id,
    ...(page !== undefined && { codeDescription: { href: page } }),
    message: visibleText(message),
    ...(rule.tags && {
      tags: rule.tags.map((tag) => (tag === "deprecated" ? DiagnosticTag.Deprecated : DiagnosticTag.Unnecessary)),
    }),
  };
}

/** The other place that a finding is about, for editors that show it. */
export function toRelatedInformation(
  document: TextDocument,
  { related }: Report,
): Pick<Diagnostic, "relatedInformation"> {
  if (!related) return {};
  const location = { uri: document.uri, range: toRange(document, related.span) };
  return { relatedInformation: [{ location, message: visibleText(related.message) }] };
}

/** The diagnostic of a configuration problem. It doesn't belong to a rule, and only makes the defaults apply. */
export function toConfigDiagnostic(document: TextDocument, { span, message }: ConfigProblem): Diagnostic {
  return {
    range: toRange(document, span),
    severity: DiagnosticSeverity.Warning,
    source: "imagewright",
    message: visibleText(message),
  };
}

/**
 * The diagnostic of a document that couldn't be checked, which is a bug: it must not look like one without findings.
 */
export function toFailure(reason: string): Diagnostic {
  const start = { line: 0, character: 0 };
  return {
    range: { start, end: start },
    severity: DiagnosticSeverity.Error,
    source: "imagewright",
    message: `Imagewright failed on this file, so nothing in it is checked (${visibleText(reason.slice(0, 200))}). This is a bug: report it with this message and the file`,
  };
}

/** The diagnostics of a configuration that isn't open in the editor. */
export function toPublished({ path, text, problems }: ConfigProblems): PublishDiagnosticsParams {
  const document = TextDocument.create(pathToFileURL(path).href, "yaml", 0, text);
  return { uri: document.uri, diagnostics: problems.map((problem) => toConfigDiagnostic(document, problem)) };
}

/** A hint. A click on it shows the layer that its line made, if the editor has a command for that. */
export function toInlayHint(document: TextDocument, hint: Hint, layerCommand?: string): InlayHint {
  const { offset, label, tooltip, lines = [], isLarge, builtLayer } = hint;
  const value = visibleText(label);
  const command = { title: "Show Changes in This Layer", command: layerCommand ?? "", arguments: [builtLayer] };
  return {
    position: document.positionAt(offset),
    label: builtLayer && layerCommand !== undefined ? [{ value, command }] : value,
    tooltip: lines.length === 0 ? visibleText(tooltip) : withLinks(document.uri, visibleText(tooltip), lines),
    paddingLeft: true,
    ...(isLarge && { data: { isLarge } satisfies HintData }),
  };
}

/** A tooltip whose lines of the file are links. Its text may come from the file, so it is escaped in Markdown. */
function withLinks(uri: string, tooltip: string, lines: NonNullable<Hint["lines"]>): MarkupContent {
  const links = lines.map(({ line, text }) => `[Line ${line}](${uri}#L${line}): ${escapeMarkdown(visibleText(text))}`);
  const paragraphs = [...tooltip.split("\n").map(escapeMarkdown), ...links];
  return { kind: MarkupKind.Markdown, value: paragraphs.join("  \n") };
}

/** The properties of one editor that affect responses. */
export interface EditorForm {
  readonly editForm: EditForm;
  readonly rulePages: RulePages;
}

export function toCodeAction(
  document: TextDocument,
  { title, kind, isPreferred, report, effect }: Action,
  { editForm, rulePages }: EditorForm,
): CodeAction {
  const action: CodeAction = { title: visibleText(title), kind: kinds[kind], isPreferred };
  if (report) action.diagnostics = [toDiagnostic(document, report, rulePages)];
  if ("changes" in effect) action.edit = toWorkspaceEdit(document, effect.changes, editForm);
  else if ("newFile" in effect) action.edit = toNewFileEdit(effect.newFile);
  else action.command = toPinCommand(document.uri, title, effect);
  return action;
}

/** The command that pins what an effect names, and says itself what went wrong. */
export function toPinCommand(uri: string, title: string, { pin: mode, ...where }: PinEffect): Command {
  const args: PinArguments = { uri, mode, ...where, announces: true };
  return { title, command: pinCommand, arguments: [args] };
}

/** The changes of one document. */
export interface DocumentChanges {
  readonly document: TextDocument;
  readonly changes: readonly Change[];
  /** False for a file that isn't open in an editor, which doesn't have a version. */
  readonly isOpen: boolean;
}

/** Edits for the version that was read: an editor whose document has changed rejects them. */
export function toWorkspaceEdit(document: TextDocument, changes: readonly Change[], form: EditForm): WorkspaceEdit {
  return toWorkspaceEdits([{ document, changes, isOpen: true }], form);
}

/** The changes of several documents as one edit; with a label, one that the editor shows before it makes it. */
export function toWorkspaceEdits(
  changed: readonly DocumentChanges[],
  form: EditForm,
  previewLabel?: string,
): WorkspaceEdit {
  if (previewLabel !== undefined && form === "versioned") return toPreview(changed, previewLabel);
  const documents = changed.map(({ document, changes, isOpen }) => ({
    textDocument: { uri: document.uri, version: isOpen ? document.version : null },
    edits: changes.map((change) => toTextEdit(document, change)),
  }));
  return form === "plain"
    ? { changes: Object.fromEntries(documents.map(({ textDocument: { uri }, edits }) => [uri, edits])) }
    : { documentChanges: documents };
}

const previewId = "preview";

function toPreview(changed: readonly DocumentChanges[], label: string): WorkspaceEdit {
  return {
    documentChanges: changed.map(({ document, changes, isOpen }) => ({
      textDocument: { uri: document.uri, version: isOpen ? document.version : null },
      edits: changes.map((change) => ({ ...toTextEdit(document, change), annotationId: previewId })),
    })),
    changeAnnotations: { [previewId]: { label, needsConfirmation: true } },
  };
}

/** A change of a document as it is now. */
export function toTextEdit(document: TextDocument, { span, text }: Change): TextEdit {
  return { range: toRange(document, span), newText: text };
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const kinds: Readonly<Record<Action["kind"], string>> = {
  quickfix: CodeActionKind.QuickFix,
  rewrite: CodeActionKind.RefactorRewrite,
  extract: CodeActionKind.RefactorExtract,
  inline: CodeActionKind.RefactorInline,
  fixAll: `${CodeActionKind.SourceFixAll}.imagewright`,
  pinAll: `${CodeActionKind.Source}.pinImages.imagewright`,
};
