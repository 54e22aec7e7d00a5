/** The rows [first, end). */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

export interface Viewport {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly rowCount: number;
}

/** Rows kept above and below the visible ones, so that a fast scroll doesn't show a gap. */
const overscanRows = 8;

/** The rows that should be in the DOM. */
export function rowsInView({ scrollTop, height, rowHeight, rowCount }: Viewport): RowRange {
  const first = Math.max(0, Math.min(Math.floor(scrollTop / rowHeight), rowCount) - overscanRows);
  const end = Math.min(rowCount, Math.ceil((scrollTop + height) / rowHeight) + overscanRows);
  return { first, end: Math.max(first, end) };
}

/** The number of rows that PageDown moves by: those that fit entirely, at least one. */
export function pageSize({ height, rowHeight }: Viewport): number {
  return Math.max(1, Math.floor(height / rowHeight) - 1);
}

/** The least scroll that brings a row into view entirely. */
export function scrollToShow(rowIndex: number, { scrollTop, height, rowHeight }: Viewport): number {
  const top = rowIndex * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
