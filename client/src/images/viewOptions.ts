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

/** The settings of the view; each text may be invalid. */
export interface ViewSettings {
  readonly groupBy: string;
  readonly sortBy: string;
  readonly showsDangling: boolean;
}

/** The options in the settings; invalid texts become the default. */
export function decodeOptions({ groupBy, sortBy, showsDangling }: ViewSettings, filter: string): ViewOptions {
  return {
    groupBy: groupings.find((grouping) => grouping === groupBy) ?? defaultOptions.groupBy,
    sortBy: sortings.find((sorting) => sorting === sortBy) ?? defaultOptions.sortBy,
    showsDangling,
    filter,
  };
}
