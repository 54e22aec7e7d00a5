/** Rows [first, end) are to be in the DOM. */
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

/** Rows kept above and below what is seen, so that a fast scroll meets rows and not a gap. */
const overscanRows = 8;

export function rowsInView({ scrollTop, height, rowHeight, rowCount }: Viewport): RowRange {
  const first = Math.max(0, Math.min(Math.floor(scrollTop / rowHeight), rowCount) - overscanRows);
  const end = Math.min(rowCount, Math.ceil((scrollTop + height) / rowHeight) + overscanRows);
  return { first, end: Math.max(first, end) };
}

/** Rows that fit entirely, at least one: what PageDown moves by. */
export function pageSize({ height, rowHeight }: Viewport): number {
  return Math.max(1, Math.floor(height / rowHeight) - 1);
}

/** The least scroll that brings a row into view entirely. */
export function scrollToShow(rowIndex: number, { scrollTop, height, rowHeight }: Viewport): number {
  const top = rowIndex * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
