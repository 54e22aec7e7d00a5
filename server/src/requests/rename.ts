import {
  LSPErrorCodes,
  PrepareRenameRequest,
  RenameRequest,
  ResponseError,
  type PrepareRenameParams,
  type Range,
  type RenameParams,
  type WorkspaceEdit,
} from "vscode-languageserver";
import { openDocument } from "../documents/documents.ts";
import { toRange, toWorkspaceEdit } from "../toLsp.ts";
import { lspRequest } from "./request.ts";

/** Renames the thing at a position, or reports why that isn't possible. */
export const renameRequest = lspRequest<RenameParams, WorkspaceEdit | ResponseError<never> | null>({
  name: () => "rename",
  capability: ({ textDocument }) => ({
    renameProvider: textDocument?.rename?.prepareSupport ? { prepareProvider: true } : true,
  }),
  type: RenameRequest.type,
  failed: (reason) => refuse(`Imagewright failed: ${reason}`),
  left: null,
  async answer(session, { textDocument, position, newName }) {
    const open = await openDocument(session, textDocument.uri);
    const renaming = open?.rename(open.document.offsetAt(position), newName);
    if (!open || !renaming) return refuse("Only stages, ARG and ENV can be renamed here");
    return "refusal" in renaming
      ? refuse(renaming.refusal)
      : toWorkspaceEdit(open.document, renaming.changes, session.editForm);
  },
});

/** Reports, before a new name is typed, whether there is a name to change. */
export const prepareRenameRequest = lspRequest<PrepareRenameParams, Range | ResponseError<never> | null>({
  name: () => "prepare rename",
  capability: {},
  type: PrepareRenameRequest.type,
  failed: () => null,
  left: null,
  async answer(session, { textDocument, position }) {
    const open = await openDocument(session, textDocument.uri);
    const renamable = open?.renamable(open.document.offsetAt(position));
    if (!open || !renamable) return null;
    return "refusal" in renamable ? refuse(renamable.refusal) : toRange(open.document, renamable.span);
  },
});

function refuse(reason: string): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}
