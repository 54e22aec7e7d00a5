import type { Session } from "../session.ts";

/** A command that the client or a code action has the server carry out. */
export interface ServerCommand {
  /** As in `workspace/executeCommand`. */
  readonly command: string;
  /** `argument` is what the editor sent, not yet decoded. */
  run(session: Session, argument: unknown, signal: AbortSignal): Promise<unknown>;
}
