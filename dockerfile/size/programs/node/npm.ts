import { parseNpm } from "../../node/command.ts";
import { predictInstall } from "../../node/predict.ts";
import { createNodeEstimator } from "./nodeManager.ts";
import { leftOfNpm } from "./npmLeavings.ts";

export const npm = createNodeEstimator({
  id: "npm",
  name: "npm",
  programs: ["npm"],
  locks: ["npm-shrinkwrap.json", "package-lock.json"],
  configs: [".npmrc"],
  cleaning: "npm cache clean --force",
  parse: parseNpm,
  leftOf: leftOfNpm,
  predict: predictInstall,
});
