import type { Result } from "../../../../oci/core/error.ts";
import type { HostToView, PartName, PartReports } from "../../../../media/protocol/messages.ts";
import { adviceFor } from "../../ui/advice.ts";
import { l10n } from "../../ui/l10n.ts";

export interface LazyPartOptions<Name extends PartName> {
  readonly name: Name;
  /** False if reading requires the network, which is left to the user. */
  readonly isFree: boolean;
  read(onProgress: (label: string) => void, signal: AbortSignal): Promise<Result<PartReports[Name]>>;
  post(message: HostToView): void;
  onFailure(error: unknown): void;
}

/** The content of a tab: read once, and posted again when the view is shown again. */
export class LazyPart<Name extends PartName> {
  readonly #options: LazyPartOptions<Name>;
  #work: AbortController | undefined;
  #outcome: Result<PartReports[Name]> | undefined;

  constructor(options: LazyPartOptions<Name>) {
    this.#options = options;
  }

  /** Called when the tab is shown: reads if that is free, and posts the state. */
  open(): void {
    if (this.#options.isFree) this.read();
    this.tell();
  }

  /** Reads, unless that is done or in progress. */
  read(): void {
    if (this.#work || this.#outcome?.ok) return;
    const work = new AbortController();
    this.#work = work;
    this.#outcome = undefined;
    this.tell();
    const { name, post, read } = this.#options;
    const onProgress = (label: string): void => {
      if (!work.signal.aborted) post({ type: "partState", part: name, state: "reading", label });
    };
    read(onProgress, work.signal).then(
      (outcome) => this.#settle(work, outcome),
      (error: unknown) => this.#fail(work, error),
    );
  }

  /** Sends the current state to the view. */
  tell(): void {
    const { name, post } = this.#options;
    const outcome = this.#outcome;
    if (!outcome) return post({ type: "partState", part: name, state: this.#work ? "reading" : "notRead" });
    // The name determines the kind of report, which TypeScript can't infer through a type parameter.
    if (outcome.ok) return post({ type: "report", part: name, report: outcome.value } as HostToView);
    const { title, detail } = adviceFor(outcome.error);
    post({ type: "partError", part: name, title, message: detail });
  }

  /** Cancels a running read and forgets the result. */
  reset(): void {
    this.#work?.abort();
    this.#work = undefined;
    this.#outcome = undefined;
  }

  #settle(work: AbortController, outcome: Result<PartReports[Name]>): void {
    if (work.signal.aborted) return;
    this.#work = undefined;
    this.#outcome = outcome;
    this.tell();
  }

  /** Reports a bug: shown and logged. */
  #fail(work: AbortController, error: unknown): void {
    if (work.signal.aborted) return;
    this.#work = undefined;
    const { name, post, onFailure } = this.#options;
    onFailure(error);
    post({
      type: "partError",
      part: name,
      title: l10n.t("Reading the layers failed"),
      message: l10n.t("See the Imagewright output"),
    });
  }
}
