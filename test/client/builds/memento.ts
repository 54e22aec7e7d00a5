import type { Memento } from "vscode";

/** Storage in memory that, like VS Code's, keeps what JSON keeps. */
export function mementoInMemory(): Memento {
  const kept = new Map<string, string>();
  return {
    keys: () => [...kept.keys()],
    get: (key: string, otherwise?: unknown) => {
      const text = kept.get(key);
      return text === undefined ? otherwise : (JSON.parse(text) as never);
    },
    update: (key: string, value: unknown) => {
      kept.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
  } as Memento;
}
