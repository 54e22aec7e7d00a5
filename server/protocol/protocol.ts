/** `initializationOptions` of the `initialize` request. All are optional, because other editors send none. */
export interface InitializationOptions {
  /**
   * False in an untrusted workspace: then no process is started, and neither network nor engine is contacted. Defaults
   * to true.
   */
  readonly trusted?: boolean;
  /**
   * The editor command that reopens the list of completions after inserting a folder or `--mount=`; absent if there
   * isn't one.
   */
  readonly suggestCommand?: string;
  /**
   * The editor command that builds a stage, called with `BuildStageArguments`; absent if there isn't one. Code lenses
   * then have no *Build*.
   */
  readonly buildCommand?: string;
  /**
   * The editor command that shows an image or one of its layers, called with `ShowLayerArguments`; absent if there isn't
   * one.
   */
  readonly layerCommand?: string;
  /** True if links in hovers may run the server's commands. Default false. */
  readonly commandLinks?: boolean;
  /**
   * The URL before `RULE.md` at which the editor opens the page of a rule; by default the page's file that comes with
   * the server.
   */
  readonly rulePages?: string;
}

/** The argument of `buildCommand`. */
export interface BuildStageArguments {
  /** The Dockerfile. */
  readonly uri: string;
  /** The stage's name or number; absent for the last one. */
  readonly target?: string;
  /** The absolute path of the build context; absent if it isn't known. */
  readonly context?: string;
}

/** The argument of `layerCommand`. */
export interface ShowLayerArguments {
  /** The name or ID of an image of the local engine. */
  readonly image: string;
  /** The layer to show; the whole image if absent. */
  readonly diffId?: string;
}

/** Notification from the client: the user granted trust to the workspace. No parameters. */
export const trustGranted = "imagewright/trustGranted";

/**
 * `workspace/executeCommand`: pins, checks, updates or unpins the image references of one Dockerfile. Takes one
 * argument, `PinArguments`; returns `PinAnswer`. Edits are sent by `workspace/applyEdit`, for the version that was
 * read.
 */
export const pinCommand = "imagewright.server.pin";

export type PinMode = "pin" | "check" | "update" | "unpin";

/** The part of a tag's version that may change. */
export type UpgradeLevel = "patch" | "minor" | "major";

export interface PinArguments {
  readonly uri: string;
  readonly mode: PinMode;
  /** With "update": move to the newest tag of the same scheme, at most so far. */
  readonly level?: UpgradeLevel;
  /**
   * Selects the reference at this offset (UTF-16 code units), or those of its instruction or ARG; if absent, the whole
   * file.
   */
  readonly offset?: number;
  /** The text expected at `offset`, as seen by the caller; the command is refused if the text has changed. */
  readonly reference?: string;
  /**
   * Set by the server's own code actions, whose result the client doesn't handle: problems are then shown by
   * `window/showMessage`.
   */
  readonly announces?: true;
}

export interface PinAnswer {
  /** Set if nothing could be done at all: no trust, no network, or an unknown document. */
  readonly refusal?: string;
  readonly outcomes: readonly PinOutcomeRow[];
  /** False if there were edits that the editor didn't apply. */
  readonly applied: boolean;
}

export interface PinOutcomeRow {
  /** As it appears in the file. */
  readonly reference: string;
  /** Zero-based. */
  readonly line: number;
  /**
   * "notPinned": a check found a reference that could be pinned. "skipped": it can't or needn't be pinned here.
   * "ignored": the user excluded it.
   */
  readonly outcome:
    "pinned" | "updated" | "unpinned" | "unchanged" | "notPinned" | "moved" | "gone" | "skipped" | "ignored" | "failed";
  /** The result and its reason, in one sentence. */
  readonly message: string;
  /** A problem despite success: the image lacks the platform that the file requires. */
  readonly warning?: string;
  readonly digest?: string;
}

/**
 * `workspace/executeCommand`: reads the tags of an image's repository for the following completions. Takes one
 * argument, the image as in `python:3.12.1-slim`; returns `LookUpTagsAnswer`. A problem is shown by
 * `window/showMessage`.
 */
export const lookUpTagsCommand = "imagewright.server.lookUpTags";

export interface LookUpTagsAnswer {
  readonly isFound: boolean;
}

/**
 * `workspace/executeCommand`: pins or updates all images of many files. Takes one argument, `PinWorkspaceArguments`;
 * returns `PinWorkspaceAnswer`. Edits are sent by `workspace/applyEdit`.
 */
export const pinWorkspaceCommand = "imagewright.server.pinWorkspace";

export interface PinWorkspaceArguments {
  /** Dockerfiles. */
  readonly uris: readonly string[];
  /** Compose, Bake and other files that name images, without unsaved changes; one of an unknown kind is left out. */
  readonly otherUris?: readonly string[];
  readonly mode: "pin" | "update";
  /**
   * "preview": the editor shows the edits, if it can, and the user ticks those to make. "all": makes them at once. If
   * absent, nothing is edited.
   */
  readonly edits?: "preview" | "all";
}

export interface PinWorkspaceAnswer {
  /** Set if nothing could be done at all: no trust, or no network. */
  readonly refusal?: string;
  /** By file, in the order of the arguments. */
  readonly outcomes: readonly (PinOutcomeRow & { readonly uri: string })[];
  /** The reasons why files weren't read. */
  readonly problems: readonly string[];
  /** False if there were edits that weren't requested, or that the editor or the user didn't apply. */
  readonly applied: boolean;
}

/**
 * `workspace/executeCommand`: pins the references of one image in Dockerfiles of the workspace to digests that the
 * caller knows. Takes one argument, `PinImageArguments`; returns `PinImageAnswer`. Without `chosen` nothing is changed,
 * and registries are contacted to confirm the digests. Edits are sent by `workspace/applyEdit`.
 */
export const pinImageCommand = "imagewright.server.pinImage";

export interface PinImageArguments {
  /** Dockerfiles to search. */
  readonly uris: readonly string[];
  /** The image's names with their tags, and the digest of each. */
  readonly names: readonly PinImageName[];
  /** The places to change, from an earlier result. */
  readonly chosen?: readonly PinPlace[];
}

export interface PinImageName {
  /** `alpine:3.20`, `registry:5000/team/app:1`. */
  readonly reference: string;
  readonly digest: string;
}

export interface PinImageAnswer {
  /** Set if nothing could be done at all. */
  readonly refusal?: string;
  /** Without `chosen`, the places that can be changed; with it, those that were found unchanged. */
  readonly places: readonly PinPlace[];
  /** References of the image that can't be pinned, with the reason: `Dockerfile:3: alpine:$V: …`. */
  readonly problems: readonly string[];
  /** The results of checking registries for the digests; empty with `chosen`. */
  readonly confirmations: readonly PinConfirmation[];
  /** False if there were edits that the editor didn't apply. */
  readonly applied: boolean;
}

export interface PinPlace {
  readonly uri: string;
  /** Zero-based. */
  readonly line: number;
  /** The current line, and the line after the change. */
  readonly before: string;
  readonly after: string;
}

/**
 * "confirmed": the registry has it. "absent": it reports that it doesn't have it, which means that others can't build
 * on it. "unknown": it wasn't contacted or didn't respond.
 */
export interface PinConfirmation extends PinImageName {
  readonly state: "confirmed" | "absent" | "unknown";
  /** One sentence. */
  readonly message: string;
}

/**
 * `workspace/executeCommand`: finds the lines of Dockerfiles that created an image's layers. Takes one argument,
 * `OriginArguments`; returns `OriginAnswer`. Reads files of the workspace, from the editor if they are open. Contacts
 * no network or engine, so it works without trust.
 */
export const originCommand = "imagewright.server.origin";

export interface OriginArguments {
  /** Dockerfiles from which the image may have been built. */
  readonly uris: readonly string[];
  /** The image's history, oldest first. */
  readonly steps: readonly OriginStep[];
  /** BuildKit's provenance of the image, as JSON: an in-toto statement or its predicate. */
  readonly provenance?: unknown;
  /** Digests of the layers as stored, base first; only provenance needs them. */
  readonly layerDigests?: readonly string[];
}

export interface OriginStep {
  /** `created_by`, as it appears in the history. */
  readonly createdBy: string;
  /** The layer it created, counted from the base; absent if it didn't create one, or if that is unknown. */
  readonly layerIndex?: number;
}

export interface OriginAnswer {
  /** Set if nothing could be done at all. */
  readonly refusal?: string;
  /** Files that explain part of the history, best first. */
  readonly files: readonly OriginFile[];
  /** The number of files that were compared. */
  readonly comparedCount: number;
  /** The reasons why other files weren't compared, one sentence each. */
  readonly leftOut: readonly string[];
}

export interface OriginFile {
  readonly uri: string;
  /** Higher for a file that explains more of the history; equal for equally good ones. */
  readonly score: number;
  /** True if most of the file is in the history; otherwise it may only have lines in common with the real source. */
  readonly isWhole: boolean;
  /** The name of the stage that was built, if it has one. */
  readonly target?: string;
  /** The image in the FROM below all others, as written: it contributed the steps below the first one with a line. */
  readonly base?: string;
  /** One entry per step; null if no line fits. */
  readonly lines: readonly (OriginLine | null)[];
}

export interface OriginLine {
  /** From the keyword to the instruction's end. */
  readonly range: TextRange;
  readonly confidence: "exact" | "likely";
  /** The reason why it isn't exact, for the middle of a sentence; set if likely. */
  readonly doubt?: string;
}

/** As in LSP: zero-based, in UTF-16 code units. */
export interface TextRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/**
 * `workspace/executeCommand`: writes Dockerfiles for the project in a folder of the workspace, by the names of its
 * files. Takes one argument, `ProjectArguments`; returns `ProjectAnswer`. Changes no file.
 */
export const projectCommand = "imagewright.server.projectDockerfiles";

export interface ProjectArguments {
  /** The URI of the folder. */
  readonly folder: string;
}

export interface ProjectAnswer {
  /** Set if the folder can't be looked at. */
  readonly refusal?: string;
  /** One for each language that the folder has a manifest of. */
  readonly dockerfiles: readonly ProjectDockerfileText[];
}

export interface ProjectDockerfileText {
  /** As people write it: `Node.js`. */
  readonly language: string;
  readonly text: string;
}

/** The `data` of an inlay hint whose line adds more than `imagewright.sizes.warnAbove`. */
export interface HintData {
  readonly isLarge: true;
}
