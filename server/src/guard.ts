import { LSPErrorCodes, ResponseError, type CancellationToken, type RemoteConsole } from "vscode-languageserver";

export interface GuardedRequest<T> {
  readonly log: RemoteConsole;
  /** The request's name for the log. */
  readonly what: string;
  readonly token: CancellationToken;
  /** The response if the work failed, given the reason. */
  failed(reason: string): T | ResponseError<never>;
}

/**
 * Guards every handler: a crash in one request becomes one log line and the result of `failed`, never a dead server. A
 * request that the editor has cancelled gets the response for that.
 */
export async function guardRequest<T>(
  { log, what, token, failed }: GuardedRequest<T>,
  work: () => Promise<T> | T,
): Promise<T | ResponseError<never>> {
  if (token.isCancellationRequested) return cancelled();
  try {
    const result = await work();
    return token.isCancellationRequested ? cancelled() : result;
  } catch (error) {
    if (token.isCancellationRequested) return cancelled();
    log.error(`${what} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return failed(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}

function cancelled(): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled by the editor");
}

/** Converts a cancellation token to the signal that IO takes. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
