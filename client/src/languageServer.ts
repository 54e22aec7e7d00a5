import type { CancellationToken } from "vscode";
import type {
  OriginAnswer,
  OriginArguments,
  PinAnswer,
  PinArguments,
  PinImageAnswer,
  PinImageArguments,
} from "../../server/protocol/protocol.ts";

/** Dockerfiles by language, and by their usual names where another extension calls the language something else. */
export const dockerfiles = [{ language: "dockerfile" }, { pattern: "**/{Dockerfile,Containerfile}" }] as const;

/** The language server as the rest of the client sees it. */
export interface Server {
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Rejects once `token` is cancelled. */
  pin(args: PinArguments, token?: CancellationToken): Promise<PinAnswer>;
  pinImage(args: PinImageArguments): Promise<PinImageAnswer>;
  origins(args: OriginArguments): Promise<OriginAnswer>;
  tellTrust(): Promise<void>;
  stop(): Promise<void>;
}
