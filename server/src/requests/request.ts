import type {
  CancellationToken,
  ClientCapabilities,
  Connection,
  ProtocolRequestType,
  ResponseError,
  ServerCapabilities,
} from "vscode-languageserver";
import { guardRequest, signalOf } from "../guard.ts";
import type { Session } from "../session.ts";

/** One kind of request from editors. */
export interface LspRequest<Params, Answer> {
  /** The name for the log. */
  name(params: Params): string;
  /** The capability that makes an editor send it, depending on the client's capabilities if necessary. */
  readonly capability: ServerCapabilities | ((client: ClientCapabilities) => ServerCapabilities);
  readonly type: Pick<ProtocolRequestType<Params, Answer, unknown, unknown, unknown>, "method">;
  /** The response if the handler crashes, which has been logged: it reports the crash if it can. */
  failed(reason: string): Answer | ResponseError<never>;
  /**
   * The empty response while the setting `overlappingFeatures` leaves the feature to another extension; absent if it is
   * never left.
   */
  readonly left?: Answer;
  answer(session: Session, params: Params, signal: AbortSignal): Promise<Answer>;
}

/** A kind of request without its types, which lets different kinds fit in one table. */
export interface AnyLspRequest {
  capability(client: ClientCapabilities): ServerCapabilities;
  /** Starts handling these requests. */
  listen(connection: Connection, session: Session): void;
}

/** Erases the types of a request. */
export function lspRequest<Params, Answer>(request: LspRequest<Params, Answer>): AnyLspRequest {
  const answer = async (session: Session, params: Params, signal: AbortSignal): Promise<Answer> =>
    request.left !== undefined && (await isLeft(session, params))
      ? request.left
      : request.answer(session, params, signal);
  return {
    capability: (client) =>
      typeof request.capability === "function" ? request.capability(client) : request.capability,
    listen(connection, session) {
      connection.onRequest(request.type.method, (params: Params, token: CancellationToken) =>
        guardRequest(
          {
            log: connection.console,
            what: request.name(params),
            token,
            failed: (reason) => request.failed(reason),
          },
          () => answer(session, params, signalOf(token)),
        ),
      );
    },
  };
}

/** True if the user wants the feature from another extension, for the document that `params` name. */
async function isLeft(session: Session, params: unknown): Promise<boolean> {
  const { textDocument } = params as { readonly textDocument?: { readonly uri?: unknown } };
  if (typeof textDocument?.uri !== "string") return false;
  return (await session.settings(textDocument.uri)).overlappingFeatures === "hide";
}
