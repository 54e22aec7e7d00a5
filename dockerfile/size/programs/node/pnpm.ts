import { parsePnpm } from "../../node/pnpmCommand.ts";
import { predictTree } from "../../node/predictTree.ts";
import { createNodeEstimator } from "./nodeManager.ts";
import { leftOfPnpm } from "./treeLeavings.ts";

export const pnpm = createNodeEstimator({
  id: "pnpm",
  name: "pnpm",
  programs: ["pnpm"],
  locks: ["pnpm-lock.yaml"],
  configs: [".npmrc", "pnpm-workspace.yaml"],
  parse: parsePnpm,
  leftOf: leftOfPnpm,
  predict: (install, { ignoresScripts }) => predictTree(install, { manager: "pnpm", ignoresScripts }),
});
