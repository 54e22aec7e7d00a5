/** A container, as far as it keeps an image in use. */
export interface ContainerSummary {
  readonly id: string;
  readonly names: readonly string[];
  /** What it was made from: an image's ID, and the name that was asked for (an ID where the name is gone). */
  readonly imageId: string;
  readonly image: string;
  /** `running`, `exited`, … */
  readonly state: string;
}
