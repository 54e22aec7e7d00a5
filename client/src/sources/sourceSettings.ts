import { type ConfigurationChangeEvent, workspace } from "vscode";
import type { SourceSettings } from "./sources.ts";

const keys = {
  engineHost: "engine.host",
  furtherEngines: "engines",
  insecureRegistries: "registries.insecure",
  isNetworkAllowed: "network",
} as const satisfies Record<keyof SourceSettings, string>;

/** The current settings that determine the sources of images. */
export function sourceSettings(): SourceSettings {
  const configuration = workspace.getConfiguration("imagewright");
  return {
    engineHost: configuration.get(keys.engineHost, ""),
    furtherEngines: texts(configuration.get(keys.furtherEngines)),
    insecureRegistries: texts(configuration.get(keys.insecureRegistries)),
    isNetworkAllowed: configuration.get(keys.isNetworkAllowed, true),
  };
}

export function affectsSources(change: ConfigurationChangeEvent): boolean {
  return Object.values(keys).some((key) => change.affectsConfiguration(`imagewright.${key}`));
}

/** The texts in a value. VS Code warns about a value of another type but returns it. */
function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
