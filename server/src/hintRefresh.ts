/** Has the editor request inlay hints again, and repeats that until it does. */
export interface HintRefresh {
  /** Hints that the editor shows are outdated. */
  outdated(): void;
  /** The editor requested hints: it has, or is about to have, what is known now. */
  requested(): void;
  dispose(): void;
}

// VS Code listens for refreshes only between its requests (seen in 1.139: each request first drops the listener and adds
// it again once all answers are in), so a refresh that arrives meanwhile is lost, and hints stay at "…". An editor that
// shows no Dockerfile requests nothing, hence the end.
const repeatAfterMs = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

/** `send` sends one refresh. Nothing is repeated for an editor that never requested hints. */
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
