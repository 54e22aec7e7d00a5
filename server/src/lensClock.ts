import type { Lens } from "./answers.ts";

/** Makes the editor request code lenses again while they name an age in minutes. */
export interface LensClock {
  /** Called with the lenses of a document that the editor requested. */
  shown(lenses: readonly Lens[]): void;
  dispose(): void;
}

const minuteMs = 60_000;

/** Creates the clock; `refresh` makes the editor request the lenses of all its documents. */
export function createLensClock(refresh: () => void): LensClock {
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    timer = undefined;
    refresh();
  };
  return {
    shown(lenses) {
      if (lenses.some(({ isAgeing }) => isAgeing)) timer ??= setTimeout(tick, minuteMs).unref();
    },
    dispose: () => clearTimeout(timer),
  };
}
