import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { temporaryFolder } from "../machine/folders.ts";
import { onInterrupt } from "../machine/lifetime.ts";
import { projectFolder } from "../machine/project.ts";
import { findProgram } from "../machine/systemPackages.ts";

/** The installed VS Code, if there is one and a screen to show it on. */
export async function findDesktopCode(): Promise<string | undefined> {
  return hasScreen() ? findProgram("code") : undefined;
}

/**
 * Opens a window with the extension on a folder, and on files in it, with its own profile; returns when the window is
 * closed.
 */
export async function openDesktopCode(code: string, paths: readonly string[]): Promise<void> {
  const profile = await temporaryFolder("code");
  const args = [
    `--extensionDevelopmentPath=${projectFolder}`,
    "--new-window",
    "--wait",
    "--disable-workspace-trust",
    "--skip-welcome",
    "--skip-release-notes",
    `--user-data-dir=${profile.path}`,
    `--extensions-dir=${join(profile.path, "extensions")}`,
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ...paths,
  ];
  const window = spawn(code, args, { stdio: "inherit" });
  const forget = onInterrupt(() => Promise.resolve(void window.kill()));
  const [exitCode] = (await once(window, "exit")) as [number | null];
  forget();
  await profile.remove();
  if (exitCode !== 0)
    throw new Error(`${code} ended with code ${exitCode}; npm start -- --no-open uses the workbench from npm instead`);
}

/** Shows a URL in the user's browser, if there is one. */
export async function openInBrowser(address: string): Promise<void> {
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  const program = hasScreen() ? await findProgram(opener) : undefined;
  if (program === undefined) return;
  spawn(program, [address], { stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref();
}

function hasScreen(): boolean {
  return process.platform === "darwin" || Boolean(process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"]);
}
