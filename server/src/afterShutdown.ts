import { ErrorCodes, Message, ResponseError, type Connection, type MessageStrategy } from "vscode-languageserver";

/** A method name that clients never send, for handling requests after `shutdown`. */
const refusedMethod = "imagewright/refused";

/** Redirects all requests after `shutdown`, whatever their method. Create one per connection, before it reads. */
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

/**
 * Rejects requests after `shutdown` with an error, as the protocol requires.
 * @see https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#shutdown
 */
export function answerRefused(connection: Connection): void {
  connection.onRequest(refusedMethod, () => new ResponseError(ErrorCodes.InvalidRequest, "the server is shut down"));
}
