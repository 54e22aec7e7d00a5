import { startDaemon, whenReady } from "../engines/daemon.ts";
import { needPrograms, systemPrograms } from "../machine/systemPackages.ts";

/** Starts a virtual screen, or uses the real one; `display` is the value of DISPLAY. */
export async function startDisplay(): Promise<{ readonly display: string | undefined; stop(): Promise<void> }> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform !== "linux" || DISPLAY || WAYLAND_DISPLAY)
    return { display: DISPLAY, stop: () => Promise.resolve() };
  await needPrograms([systemPrograms.virtualDisplay]);
  // Xvfb chooses a free display itself and prints its number.
  const daemon = await startDaemon("Xvfb", ["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]);
  const number = await whenReady(daemon, "Xvfb", 20_000, () => Promise.resolve(/^(\d+)$/m.exec(daemon.log())?.[1]));
  return { display: `:${number}`, stop: daemon.stop };
}
