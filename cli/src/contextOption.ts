import { stat } from "node:fs/promises";
import { CommandError, type Arguments } from "./command.ts";

/**
 * The folder that `--context` names; undefined without the option. Fails for anything but a folder that exists: rules
 * that need the build context would find nothing, as if all were well.
 */
export async function contextFolder(args: Arguments): Promise<string | undefined> {
  const folder = args.option("context");
  if (folder === undefined) return undefined;
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new CommandError(`--context ${folder} ${found ? "isn't a folder" : "doesn't exist"}`);
  return folder;
}
