import { stat } from "node:fs/promises";

/** Tells whether only this user can write and read what is in the folder: anyone else could put files there for this user to load. */
export async function isPrivateFolder(folder: string): Promise<boolean> {
  if (process.platform === "win32") return true;
  const found = await stat(folder).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
}
