/** The time that a state waits for a later one: a held key must not send all of it with every repeat. */
const delayMs = 100;

/** Passes on the latest state after a moment, or when the page is left. */
export function keepLatest(keep: (state: unknown) => void): (state: unknown) => void {
  let latest: { readonly state: unknown } | undefined;
  const flush = (): void => {
    if (latest) keep(latest.state);
    latest = undefined;
  };
  window.addEventListener("pagehide", flush);
  return (state) => {
    if (!latest) setTimeout(flush, delayMs);
    latest = { state };
  };
}
