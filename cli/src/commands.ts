import type { Commands } from "./command.ts";

/** The commands in the order of the help. Loading all of them takes longer than linting a file. */
export const commands: Commands = new Map([
  ["lint", async () => (await import("./commands/lint.ts")).lint],
  ["sizes", async () => (await import("./commands/sizes.ts")).sizes],
  ["images", async () => (await import("./commands/images.ts")).images],
  ["inspect", async () => (await import("./commands/inspect.ts")).inspect],
  ["layers", async () => (await import("./commands/layers.ts")).layers],
  ["diff", async () => (await import("./commands/diff.ts")).diff],
  ["waste", async () => (await import("./commands/waste.ts")).waste],
  ["view", async () => (await import("./commands/view.ts")).view],
  ["cat", async () => (await import("./commands/cat.ts")).cat],
  ["extract", async () => (await import("./commands/extract.ts")).extract],
  ["pin", async () => (await import("./commands/pin.ts")).pin],
  ["rules", async () => (await import("./commands/rules.ts")).rules],
  ["explain", async () => (await import("./commands/explain.ts")).explain],
]);
