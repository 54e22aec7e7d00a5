/** A row of a tree grid. */
export interface GridRow {
  /** Identifies the row while others open and close around it. */
  readonly path: string;
  readonly label: string;
  /** The tooltip; defaults to the path. */
  readonly tip?: string;
  /** 1 at the top. */
  readonly level: number;
  readonly isFolder: boolean;
  readonly isOpen: boolean;
  /** 1-based position among its siblings. */
  readonly position: number;
  /** The number of siblings, the row itself included. */
  readonly siblings: number;
}
