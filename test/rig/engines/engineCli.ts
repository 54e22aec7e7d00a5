import { runCommand } from "../machine/command.ts";
import { chrootProgram } from "./containerdEngine.ts";
import type { Rig } from "./engine.ts";

/** Runs the engine's own command line (docker, or podman) against it; returns its output. */
export async function engineCli({ kind, host }: Rig, ...args: readonly string[]): Promise<string> {
  const [program = "", ...before] =
    kind === "podman"
      ? ["podman", "--url", host]
      : [...(kind === "containerd" ? await chrootProgram("usr/bin/docker") : ["docker"]), "--host", host];
  return runCommand(program, [...before, ...args], {
    timeoutMs: 60_000,
    env: { PATH: process.env["PATH"], HOME: "/nonexistent", TZ: "UTC" },
  });
}

/** The output of a command with `--format '{{json .}}'`, one value per line. */
export async function engineCliRows(rig: Rig, ...args: readonly string[]): Promise<readonly unknown[]> {
  const printed = await engineCli(rig, ...args, "--format", "{{json .}}");
  return printed
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}
