import type { Filter } from "./filter.ts";
import type { SortOrder } from "./visibleRows.ts";

/** The user's changes to the view. They survive hiding and reloading and are never part of the diff itself. */
export interface ViewState {
  readonly filter: Filter;
  readonly sort: SortOrder;
  /** Absent until the user opens or closes a folder; until then the view chooses. */
  readonly open?: readonly string[];
  /** Path of the current row. */
  readonly current?: string;
  readonly scrollTop: number;
  readonly hasDetails: boolean;
  /** True if files are shown without their folders. */
  readonly isFlat: boolean;
}

export const initialState: ViewState = {
  filter: { text: "", shown: { added: true, changed: true, removed: true, timeOnly: false, same: true } },
  sort: "path",
  scrollTop: 0,
  hasDetails: false,
  isFlat: false,
};

/** Reads the state that VS Code kept; anything other than a state of this version gives the initial one. */
export function decodeState(kept: unknown): ViewState {
  if (!isRecord(kept) || !isRecord(kept["filter"]) || !isRecord(kept["filter"]["shown"])) return initialState;
  const shown = kept["filter"]["shown"];
  const { open, current } = kept;
  return {
    filter: {
      text: typeof kept["filter"]["text"] === "string" ? kept["filter"]["text"] : "",
      shown: {
        added: shown["added"] !== false,
        changed: shown["changed"] !== false,
        removed: shown["removed"] !== false,
        timeOnly: shown["timeOnly"] === true,
        same: shown["same"] !== false,
      },
    },
    sort: kept["sort"] === "delta" || kept["sort"] === "size" ? kept["sort"] : "path",
    ...(Array.isArray(open) ? { open: open.filter((path) => typeof path === "string") } : {}),
    ...(typeof current === "string" ? { current } : {}),
    scrollTop: typeof kept["scrollTop"] === "number" && kept["scrollTop"] >= 0 ? kept["scrollTop"] : 0,
    hasDetails: kept["hasDetails"] === true,
    isFlat: kept["isFlat"] === true,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
