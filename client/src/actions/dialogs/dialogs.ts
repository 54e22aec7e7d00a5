import type { OciError } from "../../../../oci/core/error.ts";

/**
 * The prompts and messages of actions: VS Code's own windows, or a test's answers. Returns undefined if the user
 * cancels.
 */
export interface Dialogs {
  pickOne<T extends Choice>(question: string, choices: readonly T[]): Promise<T | undefined>;
  /**
   * Never returns an empty list: choosing nothing means cancelling. `summarize` is shown above the list and describes
   * the checked items.
   */
  pickMany<T extends Choice>(
    question: string,
    list: Listing<T>,
    summarize?: (checked: readonly T[]) => string,
  ): Promise<readonly T[] | undefined>;
  enter(question: TextQuestion): Promise<string | undefined>;
  /** Accepts one of the suggestions or any valid text. */
  enterOrChoose(question: SuggestingQuestion): Promise<string | undefined>;
  confirm(question: Confirmation): Promise<boolean>;
  saveFile(question: FileQuestion): Promise<string | undefined>;
  openFile(question: FileQuestion): Promise<string | undefined>;
  openFolder(question: FileQuestion): Promise<string | undefined>;
  /** Shows progress that can be cancelled; undefined if it was. */
  withProgress<T>(title: string, work: (doing: Progress) => Promise<T>): Promise<T | undefined>;
  /** Shows briefly that something small is done. */
  showStatus(message: string): void;
  /** Shows a message with an optional next step. */
  showMessage(message: string, offer?: Offer): Promise<void>;
  /** Shows an error. `again` is offered if a retry may help. */
  showError(error: OciError, again?: () => Promise<void>): Promise<void>;
  copy(text: string): Promise<void>;
}

/** The choices, or a function that fetches them. Its signal aborts when they are no longer needed. */
export type Listing<T extends Choice> = readonly T[] | ((signal: AbortSignal) => Promise<readonly T[]>);

export interface Choice {
  readonly label: string;
  /** Codicon id. */
  readonly icon?: string;
  readonly description?: string;
  readonly detail?: string;
  /** Initially checked, in a list with several choices. */
  readonly isChecked?: boolean;
}

export interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly placeHolder?: string;
  readonly value?: string;
  /** The problem with the text; undefined if it is valid. */
  problem(text: string): string | undefined;
}

export interface SuggestingQuestion {
  readonly title: string;
  readonly placeHolder: string;
  readonly suggestions: readonly Suggestion[];
  /** The effect of the typed text, shown as the first line of the list. */
  readonly describe: (text: string) => string;
  problem(text: string): string | undefined;
}

export interface Suggestion extends Choice {
  /** A heading above the first suggestion of a group. */
  readonly group?: string;
}

export interface Confirmation {
  readonly message: string;
  /** One line for each fact. */
  readonly detail: readonly string[];
  /** The label of the confirmation button: a verb. */
  readonly action: string;
}

export interface FileQuestion {
  readonly title: string;
  readonly action: string;
  /** Proposed file name. */
  readonly name?: string;
}

export interface Progress {
  readonly signal: AbortSignal;
  report(line: ProgressLine): void;
}

export interface ProgressLine {
  readonly text: string;
  /** 0 to 100; absent if the total is unknown. */
  readonly percent?: number;
}

export interface Offer {
  readonly label: string;
  act(): unknown;
}
