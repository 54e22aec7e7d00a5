import type { ConfigurationChangeEvent } from "vscode";
import { affectsSettings, currentSetting } from "../ui/settings.ts";
import type { SourceSettings } from "./sources.ts";

/** The current settings that determine the sources of images. */
export function sourceSettings(): SourceSettings {
  return {
    engineHost: currentSetting("engineHost"),
    furtherEngines: currentSetting("furtherEngines"),
    insecureRegistries: currentSetting("insecureRegistries"),
    isNetworkAllowed: currentSetting("isNetworkAllowed"),
  };
}

export function affectsSources(change: ConfigurationChangeEvent): boolean {
  return affectsSettings(change, ["engineHost", "furtherEngines", "insecureRegistries", "isNetworkAllowed"]);
}
