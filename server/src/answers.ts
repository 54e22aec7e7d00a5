import type { Completion, CompletionList, Offer } from "../../dockerfile/assist/completion/completion.ts";
import type { Change } from "../../dockerfile/edit/change.ts";
import type { NewFile } from "../../dockerfile/refactor/newIgnoreFile.ts";
import type { Span } from "../../dockerfile/syntax/syntax.ts";
import type { ContextFilePath } from "../../dockerfile/navigation/contextFile.ts";
import type { Report } from "../../dockerfile/lint/rule.ts";
import type { PinMode, ShowLayerArguments, TextRange, UpgradeLevel } from "../protocol/protocol.ts";

/**
 * One entry of the light bulb: either changes, or a pin of the reference at `offset`, or of all in the file without
 * one.
 */
export interface Action {
  readonly title: string;
  readonly kind: "quickfix" | "rewrite" | "extract" | "inline" | "fixAll" | "pinAll";
  readonly isPreferred: boolean;
  readonly report?: Report;
  readonly effect: { readonly changes: readonly Change[] } | PinEffect | { readonly newFile: NewFile };
}

export interface PinEffect {
  readonly pin: PinMode;
  /** The part of the version that may change; the pin mode is "update" then. */
  readonly level?: UpgradeLevel;
  readonly offset?: number;
  /** The text of the file at `offset`. */
  readonly reference?: string;
}

/** A completion of the server, which may do something once it is inserted. */
export interface ServerCompletion extends Completion {
  /** Pins the reference that was inserted, or reads the tags of an image. */
  readonly effect?: PinEffect | { readonly lookUpTags: string };
}

/** Completions from what the server knows. */
export interface ServerCompletions extends Offer {
  readonly items: readonly ServerCompletion[];
}

/** Completions at an offset. */
export interface ServerCompletionList extends CompletionList {
  readonly items: readonly ServerCompletion[];
}

/** Text shown on the line, at an offset of the file. */
export interface Hint {
  readonly offset: number;
  readonly label: string;
  /** Plain text. */
  readonly tooltip: string;
  /** Lines to list below it as links, counted from 1. */
  readonly lines?: readonly { readonly line: number; readonly text: string }[];
  /** True if its line adds more than the user wants to be warned of. */
  readonly isLarge?: true;
  /** The layer that the line made in the file's last build. */
  readonly builtLayer?: ShowLayerArguments;
}

/** Text above a stage. */
export interface Lens {
  readonly span: Span;
  readonly title: string;
  /** The stage that a click builds; absent if it does nothing. */
  readonly builds?: BuiltStage;
  /** The image that a click shows. */
  readonly shows?: ShowLayerArguments;
  /** True if the title names an age in minutes, and is wrong a minute later. */
  readonly isAgeing?: true;
}

/** The part of the document to build. */
export interface BuiltStage {
  /** The stage's name or number; absent for the last one, which is built by default. */
  readonly target?: string;
  /** The absolute path of the build context; absent if it isn't known. */
  readonly context?: string;
}

/** The meaning of a name: a place in the document, a file of the build context, or places in other files. */
export type Definition = Span | ContextFilePath | readonly PlaceInFile[];

/** A range of a file that may not be open. */
export interface PlaceInFile {
  /** Absolute. */
  readonly file: string;
  readonly range: TextRange;
}
