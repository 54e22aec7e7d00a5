import type { Session } from "../session.ts";

/** A command that the server runs for the client or a code action. */
export interface ServerCommand {
  /** As in `workspace/executeCommand`. */
  readonly command: string;
  /** `argument` is the editor's value, not yet decoded. */
  run(session: Session, argument: unknown, signal: AbortSignal): Promise<unknown>;
}
