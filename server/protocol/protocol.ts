/** `initializationOptions` of the `initialize` request. All optional: another editor sends none. */
export interface InitializationOptions {
  /** False in an untrusted workspace: then nothing is spawned and no network or engine is asked. Default true. */
  readonly trusted?: boolean;
}

/** Notification from the client: the user granted trust to the workspace. No parameters. */
export const trustGranted = "imagewright/trustGranted";

/**
 * `workspace/executeCommand`: pins, checks, updates or unpins the image references of one Dockerfile.
 * One argument, `PinArguments`; answers `PinAnswer`. Edits are sent by `workspace/applyEdit`, for the version that was read.
 */
export const pinCommand = "imagewright.server.pin";

export type PinMode = "pin" | "check" | "update" | "unpin";

export interface PinArguments {
  readonly uri: string;
  readonly mode: PinMode;
  /** Only the reference at this offset (UTF-16 code units); all of the file where absent. */
  readonly offset?: number;
  /** Set by the server's own code actions, which no client code waits for: what did not go well is then shown by `window/showMessage`. */
  readonly announces?: true;
}

export interface PinAnswer {
  /** Set where nothing could be done at all: no trust, no network, no such document. */
  readonly refusal?: string;
  readonly outcomes: readonly PinOutcomeRow[];
  /** False where there were edits and the editor did not apply them. */
  readonly applied: boolean;
}

export interface PinOutcomeRow {
  /** As it stands in the file. */
  readonly reference: string;
  /** Zero-based. */
  readonly line: number;
  readonly outcome: "pinned" | "updated" | "unpinned" | "unchanged" | "moved" | "gone" | "skipped" | "failed";
  /** What happened and why, one sentence. */
  readonly message: string;
  readonly digest?: string;
}
