/** The layout of a source's images. */
export interface ViewOptions {
  readonly groupBy: Grouping;
  readonly sortBy: Sorting;
  readonly showsDangling: boolean;
  /** The user's search text; empty to show everything. */
  readonly filter: string;
}

export type Grouping = (typeof groupings)[number];
export type Sorting = (typeof sortings)[number];

/** "source" shows the source's row even if there is only one, and its images without groups. */
export const groupings = ["repository", "source", "base", "none"] as const;
/** "created" is newest first, "size" largest first. */
export const sortings = ["created", "name", "size"] as const;

export const defaultOptions: ViewOptions = {
  groupBy: "repository",
  sortBy: "created",
  showsDangling: true,
  filter: "",
};

/** The options in the settings, which may be anything; invalid values become the default. */
export function decodeOptions(get: (key: string) => unknown, filter: string): ViewOptions {
  const showsDangling = get("showDangling");
  return {
    groupBy: groupings.find((grouping) => grouping === get("groupBy")) ?? defaultOptions.groupBy,
    sortBy: sortings.find((sorting) => sorting === get("sortBy")) ?? defaultOptions.sortBy,
    showsDangling: typeof showsDangling === "boolean" ? showsDangling : defaultOptions.showsDangling,
    filter,
  };
}
