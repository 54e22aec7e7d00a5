/** Makes the editor request inlay hints again, and repeats that until it does. */
export interface HintRefresh {
  /** Called when the hints shown by the editor are outdated. */
  outdated(): void;
  /** Called when the editor requests hints: it then has, or is about to have, everything known now. */
  requested(): void;
  dispose(): void;
}

// VS Code listens for refreshes only between its requests (observed in 1.139: each request first drops the listener and
// adds it again once all responses have arrived). A refresh that arrives meanwhile is lost, and hints stay at "…". The
// list ends because an editor that shows no Dockerfile never sends a request.
const repeatAfterMs = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

/** Creates the refresh; `send` sends one. Nothing is repeated for an editor that never requested hints. */
export function createHintRefresh(send: () => void): HintRefresh {
  let timer: NodeJS.Timeout | undefined;
  let wasRequested = false;
  const sendAndRepeat = (repeats: number): void => {
    clearTimeout(timer);
    send();
    const delayMs = repeatAfterMs[repeats];
    if (wasRequested && delayMs !== undefined) timer = setTimeout(() => sendAndRepeat(repeats + 1), delayMs);
  };
  return {
    outdated: () => sendAndRepeat(0),
    requested() {
      wasRequested = true;
      clearTimeout(timer);
    },
    dispose: () => clearTimeout(timer),
  };
}
