import type { Result } from "../../../oci/core/error.ts";
import type { HostToView, WasteReport } from "../../../media/protocol/messages.ts";
import { adviceFor } from "../ui/advice.ts";
import type { DiffSide } from "./side.ts";
import { type WasteHooks, wasteReport } from "./wasteReport.ts";

export interface WastePartOptions extends Omit<WasteHooks, "onProgress"> {
  readonly side: DiffSide;
  post(message: HostToView): void;
  onFailure(error: unknown): void;
}

/**
 * The waste of the newer side's image, as shown in its panel: read once, and sent again when the view is shown again.
 */
export class WastePart {
  readonly #options: WastePartOptions;
  #work: AbortController | undefined;
  #outcome: Result<WasteReport> | undefined;

  constructor(options: WastePartOptions) {
    this.#options = options;
  }

  /** False for a registry's image: reading it would fetch all its layers, which is left to the user. */
  get isFree(): boolean {
    return this.#options.side.sourceId !== "registry";
  }

  /** Reads all layers, unless that is done or in progress. */
  read(): void {
    if (this.#work || this.#outcome?.ok) return;
    const work = new AbortController();
    this.#work = work;
    this.#outcome = undefined;
    this.tell();
    const { side, post, ...hooks } = this.#options;
    const onProgress = (label: string): void => {
      if (!work.signal.aborted) post({ type: "wasteState", state: "reading", label });
    };
    wasteReport(side, { ...hooks, onProgress }, work.signal).then(
      (outcome) => this.#settle(work, outcome),
      (error: unknown) => this.#fail(work, error),
    );
  }

  /** Sends the current state to the view. */
  tell(): void {
    const { post } = this.#options;
    const outcome = this.#outcome;
    if (!outcome) return post({ type: "wasteState", state: this.#work ? "reading" : "notRead" });
    if (outcome.ok) return post({ type: "waste", report: outcome.value });
    const { title, detail } = adviceFor(outcome.error);
    post({ type: "wasteError", title, message: detail });
  }

  /** Cancels a running read and forgets the result. */
  reset(): void {
    this.#work?.abort();
    this.#work = undefined;
    this.#outcome = undefined;
  }

  #settle(work: AbortController, outcome: Result<WasteReport>): void {
    if (work.signal.aborted) return;
    this.#work = undefined;
    this.#outcome = outcome;
    this.tell();
  }

  /** Reports a bug: shown and logged. */
  #fail(work: AbortController, error: unknown): void {
    if (work.signal.aborted) return;
    this.#work = undefined;
    this.#options.onFailure(error);
    this.#options.post({
      type: "wasteError",
      title: "Summing up the waste failed",
      message: "The output of Imagewright says more",
    });
  }
}
