/** The time between two states that are kept: a held key must not send all of it with every repeat. */
const intervalMs = 100;

/** A keeper of states: the first of a burst at once, the last after a moment or when `flush` is called. */
export interface StateKeeper {
  keep(state: unknown): void;
  /** Keeps the latest state now: VS Code may remove the page without another event. */
  flush(): void;
}

/** Passes on at most one state in each interval, and the latest when the page loses the focus or is left. */
export function keepLatest(keep: (state: unknown) => void): StateKeeper {
  let latest: { readonly state: unknown } | undefined;
  let isWaiting = false;
  const flush = (): void => {
    const kept = latest;
    latest = undefined;
    if (kept) keep(kept.state);
  };
  const pass = (): void => {
    isWaiting = latest !== undefined;
    if (isWaiting) setTimeout(pass, intervalMs);
    flush();
  };
  for (const event of ["blur", "pagehide"]) window.addEventListener(event, flush);
  return {
    keep: (state) => {
      latest = { state };
      if (!isWaiting) pass();
    },
    flush,
  };
}
