import { ErrorCodes, Message, ResponseError, type Connection, type MessageStrategy } from "vscode-languageserver";

/** A name that no client sends, under which requests after `shutdown` are handled. */
const refusedMethod = "imagewright/refused";

/** Tells requests after `shutdown` from those before, whatever they are for. Made for one connection, before it reads. */
export function refuseAfterShutdown(): MessageStrategy {
  let isShutDown = false;
  return {
    handleMessage(message, next) {
      if (!Message.isRequest(message)) return next(message);
      if (isShutDown) return next({ ...message, method: refusedMethod } as Message);
      isShutDown = message.method === "shutdown";
      return next(message);
    },
  };
}

/** Answers requests after `shutdown` with an error, as the protocol wants it. @see https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#shutdown */
export function answerRefused(connection: Connection): void {
  connection.onRequest(refusedMethod, () => new ResponseError(ErrorCodes.InvalidRequest, "the server is shut down"));
}
