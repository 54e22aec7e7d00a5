/** `initializationOptions` of the `initialize` request. All optional: another editor sends none. */
export interface InitializationOptions {
  /** False in an untrusted workspace: then nothing is spawned and no network or engine is asked. Default true. */
  readonly trusted?: boolean;
  /** The editor command that opens the list of completions again, after a folder or `--mount=` was inserted; absent: there is none. */
  readonly suggestCommand?: string;
  /** The address before `RULE.md` at which the editor opens the page of a rule; absent: the pages that come with the server, as files. */
  readonly rulePages?: string;
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
  /** Only the reference at this offset (UTF-16 code units), or those of its instruction or ARG; all of the file where absent. */
  readonly offset?: number;
  /** What the file is to have at `offset`, as it was when the caller looked; the command is refused if it has something else there now. */
  readonly reference?: string;
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
  /** "notPinned": a check found a reference that could be pinned. "skipped": it can't or needn't be done here. "ignored": the user wants it left alone. */
  readonly outcome:
    "pinned" | "updated" | "unpinned" | "unchanged" | "notPinned" | "moved" | "gone" | "skipped" | "ignored" | "failed";
  /** What happened and why, one sentence. */
  readonly message: string;
  /** What is wrong although it was done: the image lacks the platform that the file asks for. */
  readonly warning?: string;
  readonly digest?: string;
}

/**
 * `workspace/executeCommand`: pins the references of one image in Dockerfiles of the workspace to digests that the caller knows.
 * One argument, `PinImageArguments`; answers `PinImageAnswer`. Without `chosen` nothing is changed; asks registries then whether
 * they have the digests. Edits are sent by `workspace/applyEdit`.
 */
export const pinImageCommand = "imagewright.server.pinImage";

export interface PinImageArguments {
  /** Dockerfiles to look in. */
  readonly uris: readonly string[];
  /** The image's names with their tags, and the digest that each stands for. */
  readonly names: readonly PinImageName[];
  /** The places to change, as an earlier answer has them. */
  readonly chosen?: readonly PinPlace[];
}

export interface PinImageName {
  /** `alpine:3.20`, `registry:5000/team/app:1`. */
  readonly reference: string;
  readonly digest: string;
}

export interface PinImageAnswer {
  /** Set where nothing could be done at all. */
  readonly refusal?: string;
  /** Without `chosen` those that can be changed; with it those that were found as they were chosen. */
  readonly places: readonly PinPlace[];
  /** References of the image that can't be pinned, and why: `Dockerfile:3: alpine:$V: …`. */
  readonly problems: readonly string[];
  /** Whether registries have the digests; empty with `chosen`. */
  readonly confirmations: readonly PinConfirmation[];
  /** False where there were edits and the editor did not apply them. */
  readonly applied: boolean;
}

export interface PinPlace {
  readonly uri: string;
  /** Zero-based. */
  readonly line: number;
  /** The line as it is, and as it would be. */
  readonly before: string;
  readonly after: string;
}

/** "confirmed": the registry has it. "absent": it says that it has not, so nobody else can build on it. "unknown": it was not asked or did not answer. */
export interface PinConfirmation extends PinImageName {
  readonly state: "confirmed" | "absent" | "unknown";
  /** One sentence. */
  readonly message: string;
}

/**
 * `workspace/executeCommand`: finds the lines of Dockerfiles that made an image's layers. One argument, `OriginArguments`; answers
 * `OriginAnswer`. Reads files of the workspace, from the editor where they are open; asks nobody, so it works without trust.
 */
export const originCommand = "imagewright.server.origin";

export interface OriginArguments {
  /** Dockerfiles that may have made the image. */
  readonly uris: readonly string[];
  /** The image's history, oldest first. */
  readonly steps: readonly OriginStep[];
  /** BuildKit's provenance of the image, as JSON: an in-toto statement or its predicate. */
  readonly provenance?: unknown;
  /** Digests of the layers as stored, base first; only provenance needs them. */
  readonly layerDigests?: readonly string[];
}

export interface OriginStep {
  /** `created_by`, as it stands in the history. */
  readonly createdBy: string;
  /** The layer it made, counted from the base; absent where it made none, or that is not known. */
  readonly layerIndex?: number;
}

export interface OriginAnswer {
  /** Set where nothing could be done at all. */
  readonly refusal?: string;
  /** Files that explain some of the history, best first. */
  readonly files: readonly OriginFile[];
  /** How many of the files were compared. */
  readonly comparedCount: number;
  /** Why others were not, one sentence each. */
  readonly leftOut: readonly string[];
}

export interface OriginFile {
  readonly uri: string;
  /** Higher for a file that explains more of the history; equal for files that explain it equally well. */
  readonly score: number;
  /** Whether most of the file stands in the history; else it may only have lines in common with the file that made the image. */
  readonly isWhole: boolean;
  /** The name of the stage that was built, where it has one. */
  readonly target?: string;
  /** The image that the FROM below all others names, as written: what brought the steps below the first that has a line. */
  readonly base?: string;
  /** One for each step; null where no line fits. */
  readonly lines: readonly (OriginLine | null)[];
}

export interface OriginLine {
  /** From the keyword to the instruction's end. */
  readonly range: TextRange;
  readonly confidence: "exact" | "likely";
  /** Why it is not exact, in the middle of a sentence; set where likely. */
  readonly doubt?: string;
}

/** As in LSP: zero-based, in UTF-16 code units. */
export interface TextRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}
