import {
  CodeActionKind,
  DiagnosticSeverity,
  DiagnosticTag,
  type CodeAction,
  type Diagnostic,
  type InlayHint,
  type Range,
  type TextDocumentEdit,
  type TextEdit,
} from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Change, Report, Severity } from "../../dockerfile/lint/rule.ts";
import type { Span } from "../../dockerfile/syntax/syntax.ts";
import { pinCommand, type PinArguments } from "../protocol/protocol.ts";
import type { Action } from "./features/codeActions.ts";
import type { Hint } from "./features/inlayHints.ts";

// The only place that makes LSP types of ours (see ARCHITECTURE.md, invariants).

export function toRange(document: TextDocument, { start, end }: Span): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

export function toSpan(document: TextDocument, { start, end }: Range): Span {
  return { start: document.offsetAt(start), end: document.offsetAt(end) };
}

export function toDiagnostic(document: TextDocument, { rule, span, message, severity }: Report): Diagnostic {
  return {
    range: toRange(document, span),
    severity: severities[severity],
    source: "imagewright",
    code: rule.id,
    message,
    ...(rule.tags && { tags: rule.tags.map((tag) => (tag === "deprecated" ? DiagnosticTag.Deprecated : DiagnosticTag.Unnecessary)) }),
  };
}

export function toInlayHint(document: TextDocument, { offset, label, tooltip }: Hint): InlayHint {
  return { position: document.positionAt(offset), label, tooltip, paddingLeft: true };
}

export function toCodeAction(document: TextDocument, { title, kind, isPreferred, report, effect }: Action): CodeAction {
  const action: CodeAction = { title, kind: kinds[kind], isPreferred };
  if (report) action.diagnostics = [toDiagnostic(document, report)];
  if ("changes" in effect) action.edit = { documentChanges: [toDocumentEdit(document, effect.changes)] };
  else {
    const args: PinArguments = { uri: document.uri, mode: effect.pin, offset: effect.offset, announces: true };
    action.command = { title, command: pinCommand, arguments: [args] };
  }
  return action;
}

/** For the version that was read: an editor whose document has moved on refuses it. */
export function toDocumentEdit(document: TextDocument, changes: readonly Change[]): TextDocumentEdit {
  return { textDocument: { uri: document.uri, version: document.version }, edits: changes.map((change) => toTextEdit(document, change)) };
}

function toTextEdit(document: TextDocument, { span, text }: Change): TextEdit {
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
  fixAll: `${CodeActionKind.SourceFixAll}.imagewright`,
};
