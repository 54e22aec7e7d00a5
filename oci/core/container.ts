/** A container, with the data that shows which image it keeps in use. */
export interface ContainerSummary {
  readonly id: string;
  readonly names: readonly string[];
  /** The image it was made from: its ID, and the name that was requested (an ID if the name is gone). */
  readonly imageId: string;
  readonly image: string;
  /** `running`, `exited`, … */
  readonly state: string;
}
