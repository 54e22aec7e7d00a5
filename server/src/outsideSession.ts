import { ErrorCodes, Message, ResponseError, type Connection, type MessageStrategy } from "vscode-languageserver";

/** Method names that clients never send, for handling requests that come too early or too late. */
const refused = { early: "imagewright/early", late: "imagewright/late" };

/**
 * Redirects all requests before `initialize` and after `shutdown`, whatever their method, and drops notifications before
 * `initialize`. Create one per connection, before it reads.
 */
export function refuseOutsideSession(): MessageStrategy {
  let state: "early" | "open" | "late" = "early";
  return {
    handleMessage(message, next) {
      if (Message.isNotification(message) && state === "early" && message.method !== "exit") return;
      if (!Message.isRequest(message)) return next(message);
      if (state === "early" && message.method === "initialize") state = "open";
      if (state !== "open") return next({ ...message, method: refused[state] } as Message);
      if (message.method === "shutdown") state = "late";
      return next(message);
    },
  };
}

/**
 * Rejects redirected requests with an error, as the protocol requires.
 * @see https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#initialize
 */
export function answerRefused(connection: Connection): void {
  const answer = (method: string, code: number, reason: string): void => {
    connection.onRequest(method, () => new ResponseError(code, reason));
  };
  answer(refused.early, ErrorCodes.ServerNotInitialized, "the server is not initialized");
  answer(refused.late, ErrorCodes.InvalidRequest, "the server is shut down");
}
