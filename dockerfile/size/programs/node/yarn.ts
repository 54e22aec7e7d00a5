import { predictTree } from "../../node/predictTree.ts";
import { parseYarn } from "../../node/yarnCommand.ts";
import { createNodeEstimator } from "./nodeManager.ts";
import { leftOfYarn } from "./treeLeavings.ts";

/** Yarn 1. */
export const yarn = createNodeEstimator({
  id: "yarn",
  name: "Yarn",
  programs: ["yarn", "yarnpkg"],
  locks: ["yarn.lock"],
  configs: [".npmrc", ".yarnrc"],
  cleaning: "yarn cache clean",
  parse: parseYarn,
  leftOf: leftOfYarn,
  predict: (install, { ignoresScripts }) => predictTree(install, { manager: "yarn", ignoresScripts }),
});
