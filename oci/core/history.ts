/** One entry of an image's history. @see image-spec config.md §history */
export interface HistoryStep {
  /** RFC 3339. */
  readonly created?: string;
  readonly createdBy: string;
  readonly author?: string;
  readonly comment?: string;
  /** Absent where the source (an engine's history call) doesn't tell. */
  readonly isEmptyLayer?: boolean;
  /** The engine's own size of the step. */
  readonly engineBytes?: number;
}
