// An ssh server on loopback that this user can log in to. By hand: node test/rig/engines/sshServer.ts
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { runCommand } from "../machine/command.ts";
import { type Daemon, startDaemon, whenReady } from "./daemon.ts";
import { temporaryFolder } from "../machine/folders.ts";
import { freePort } from "../machine/freePort.ts";
import { stayUntilInterrupted } from "../machine/lifetime.ts";
import { findProgram, needPrograms, systemPrograms } from "../machine/systemPackages.ts";

/** An ssh server with its own keys, and hosts of an ssh configuration that lead to it. */
export interface SshServer {
  readonly port: number;
  /** Each fails, or works, in a different way. */
  readonly hosts: typeof hosts;
  /** A PATH on which `ssh` reads only this rig's configuration. */
  readonly path: string;
  stop(): Promise<void>;
}

const hosts = {
  /** Logs in with a key. */
  good: "imagewright-good",
  /** The server doesn't know the key, and offers to prompt for a password. */
  unknownKey: "imagewright-unknown-key",
  /** The server's key is unknown here. */
  unknownHost: "imagewright-unknown-host",
  /** Nothing listens on its port. */
  closed: "imagewright-closed",
} as const;

export async function startSshServer(): Promise<SshServer> {
  await needPrograms([systemPrograms.sshd, systemPrograms.ssh]);
  const folder = await temporaryFolder("ssh");
  await writeKeys(folder.path);
  const { port, daemon } = await startSshd(folder.path);
  const ssh = (await findProgram("ssh")) ?? "ssh";
  await writeClientConfig(folder.path, port);
  await mkdir(join(folder.path, "bin"));
  // ssh finds its files with the password database, not HOME.
  await writeFile(join(folder.path, "bin", "ssh"), `#!/bin/sh\nexec ${ssh} -F ${join(folder.path, "config")} "$@"\n`, {
    mode: 0o755,
  });
  return {
    port,
    hosts,
    path: `${join(folder.path, "bin")}${delimiter}${process.env["PATH"] ?? ""}`,
    stop: async () => {
      await daemon.stop();
      await folder.remove();
    },
  };
}

const maxStarts = 5;

/**
 * Starts sshd on a free port, with retries: sshd can't choose a port itself, and another program may take a port that
 * was free a moment ago.
 */
async function startSshd(folder: string): Promise<{ readonly port: number; readonly daemon: Daemon }> {
  // When started by root, sshd drops its rights in this folder, which is missing on a system without init.
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true });
  const program = (await findProgram("sshd")) ?? "sshd";
  for (let start = 1; ; start++) {
    const port = await freePort();
    await writeServerConfig(folder, port);
    const daemon = await startDaemon(program, ["-D", "-e", "-f", join(folder, "sshd_config")]);
    try {
      await whenReady(daemon, "sshd", 20_000, () =>
        Promise.resolve(daemon.log().includes(`Server listening on 127.0.0.1 port ${port}.`) || undefined),
      );
      return { port, daemon };
    } catch (thrown) {
      if (start === maxStarts || !String(thrown).includes("Address already in use")) throw thrown;
    }
  }
}

async function writeKeys(folder: string): Promise<void> {
  for (const name of ["host_key", "user_key", "unknown_key"]) {
    await runCommand(
      "ssh-keygen",
      ["-q", "-t", "ed25519", "-N", "", "-C", "imagewright test", "-f", join(folder, name)],
      { timeoutMs: 20_000 },
    );
  }
}

async function writeServerConfig(folder: string, port: number): Promise<void> {
  await writeFile(
    join(folder, "sshd_config"),
    [
      "ListenAddress 127.0.0.1",
      `Port ${port}`,
      `HostKey ${folder}/host_key`,
      `AuthorizedKeysFile ${folder}/user_key.pub`,
      "PidFile none",
      "StrictModes no",
      "UsePAM no",
      "PermitRootLogin yes",
      "PasswordAuthentication yes",
      "",
    ].join("\n"),
  );
}

async function writeClientConfig(folder: string, port: number): Promise<void> {
  const hostKey = (await readFile(join(folder, "host_key.pub"), "utf8")).split(" ").slice(0, 2).join(" ");
  await writeFile(join(folder, "known_hosts"), `[127.0.0.1]:${port} ${hostKey}\n`);
  const host = (name: string, ...lines: readonly string[]): string => [`Host ${name}`, ...lines, ""].join("\n");
  await writeFile(
    join(folder, "config"),
    [
      host(hosts.unknownKey, `IdentityFile ${folder}/unknown_key`),
      host(hosts.unknownHost, "UserKnownHostsFile /dev/null"),
      // Ports below 1024 are never assigned automatically, and this one has no service.
      host(hosts.closed, "Port 1"),
      // Of several keys ssh would try each.
      host(`imagewright-* !${hosts.unknownKey}`, `IdentityFile ${folder}/user_key`),
      host(
        "imagewright-*",
        "HostName 127.0.0.1",
        `Port ${port}`,
        `User ${userInfo().username}`,
        "IdentitiesOnly yes",
        "IdentityAgent none",
        `UserKnownHostsFile ${folder}/known_hosts`,
        "GlobalKnownHostsFile /dev/null",
      ),
    ].join("\n"),
  );
}

if (import.meta.main) {
  const server = await startSshServer();
  console.log(`PATH=${server.path}`);
  console.log(`ssh ${server.hosts.good} logs in at port ${server.port}; Ctrl-C ends it`);
  await stayUntilInterrupted();
}
