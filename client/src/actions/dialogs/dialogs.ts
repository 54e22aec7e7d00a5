import type { OciError } from "../../../../oci/core/error.ts";

/** How actions ask and tell: VS Code's own windows, or a test's answers. Undefined is the answer of a user who backs out. */
export interface Dialogs {
  pickOne<T extends Choice>(question: string, choices: readonly T[]): Promise<T | undefined>;
  /** Never an empty list: choosing nothing is backing out. `summarize` says above the list what is checked now. */
  pickMany<T extends Choice>(
    question: string,
    list: Listing<T>,
    summarize?: (checked: readonly T[]) => string,
  ): Promise<readonly T[] | undefined>;
  enter(question: TextQuestion): Promise<string | undefined>;
  /** One of the suggestions, or any valid text. */
  enterOrChoose(question: SuggestingQuestion): Promise<string | undefined>;
  confirm(question: Confirmation): Promise<boolean>;
  saveFile(question: FileQuestion): Promise<string | undefined>;
  openFile(question: FileQuestion): Promise<string | undefined>;
  openFolder(question: FileQuestion): Promise<string | undefined>;
  /** Shows that something goes on, with a way to stop it; undefined where it was stopped. */
  withProgress<T>(title: string, work: (doing: Progress) => Promise<T>): Promise<T | undefined>;
  /** Says in passing that something small is done. */
  showStatus(message: string): void;
  /** A message, with one thing that can be done next. */
  showMessage(message: string, offer?: Offer): Promise<void>;
  /** `again` is offered where trying again may help. */
  showError(error: OciError, again?: () => Promise<void>): Promise<void>;
  copy(text: string): Promise<void>;
}

/** What is there to choose from, or how to find that out: its signal aborts when nobody waits for it any more. */
export type Listing<T extends Choice> = readonly T[] | ((signal: AbortSignal) => Promise<readonly T[]>);

export interface Choice {
  readonly label: string;
  /** Codicon id. */
  readonly icon?: string;
  readonly description?: string;
  readonly detail?: string;
  /** Chosen unless the user unchecks it, where several can be. */
  readonly isChecked?: boolean;
}

export interface TextQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly placeHolder?: string;
  readonly value?: string;
  /** What is wrong with the text, or undefined. */
  problem(text: string): string | undefined;
}

export interface SuggestingQuestion {
  readonly title: string;
  readonly placeHolder: string;
  readonly suggestions: readonly Suggestion[];
  /** What the text that was typed would do, as the first line of the list. */
  readonly describe: (text: string) => string;
  problem(text: string): string | undefined;
}

export interface Suggestion extends Choice {
  /** Stands above the first suggestion of a group. */
  readonly group?: string;
}

export interface Confirmation {
  readonly message: string;
  /** One line for each thing to know. */
  readonly detail: readonly string[];
  /** The button that does it: a verb. */
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
  /** 0 to 100, where the end is known. */
  readonly percent?: number;
}

export interface Offer {
  readonly label: string;
  act(): unknown;
}
