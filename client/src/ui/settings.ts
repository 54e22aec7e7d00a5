import { ConfigurationTarget, type ConfigurationChangeEvent, type Uri, workspace } from "vscode";
import { readSetting, settingKey, type SettingName, type SettingValue } from "../../../server/protocol/settings.ts";

const section = "imagewright";

/** The setting as it is now, for a file if one is given; a value of another type counts as the default. */
export function currentSetting<Name extends SettingName>(name: Name, uri?: Uri): SettingValue<Name> {
  const configuration = workspace.getConfiguration(section, uri);
  return readSetting(name, (key) => configuration.get(key));
}

/**
 * Changes a setting, or resets it if the value is undefined: in the workspace if it is set there, since that overrides
 * the user's.
 */
export async function changeSetting<Name extends SettingName>(
  name: Name,
  value: SettingValue<Name> | undefined,
): Promise<void> {
  const configuration = workspace.getConfiguration(section);
  const key = settingKey(name);
  const isOfWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
  await configuration.update(key, value, isOfWorkspace ? ConfigurationTarget.Workspace : ConfigurationTarget.Global);
}

/** Tells whether a change is about one of the settings. */
export function affectsSettings(change: ConfigurationChangeEvent, names: readonly SettingName[]): boolean {
  return names.some((name) => change.affectsConfiguration(`${section}.${settingKey(name)}`));
}
