import { mkdir, readdir, lstat } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import { temporaryDiskFolder } from "./folders.ts";

/** Long enough for a RUN that downloads 200 MB. */
const maxRunMs = 10 * 60_000;

/**
 * Runs shell texts in a root file system like consecutive RUNs, and counts the bytes that each writes as Docker's
 * overlay2 counts a layer: bytes of regular files, each hard-linked file once. Needs root and uses the machine's
 * network.
 */
export async function bytesOfRuns(root: string, scripts: readonly string[]): Promise<readonly number[]> {
  const folder = await temporaryDiskFolder("overlay");
  const bytes: number[] = [];
  try {
    let lower = root;
    for (const [index, script] of scripts.entries()) {
      const upper = join(folder.path, `upper${index}`);
      await runIn({ lower, upper, folder: join(folder.path, String(index)) }, script);
      bytes.push(await contentBytes(upper, new Set()));
      lower = `${upper}:${lower}`;
    }
    return bytes;
  } finally {
    await folder.remove();
  }
}

interface OverlayFolders {
  /** In overlayfs's notation, the uppermost first. */
  readonly lower: string;
  readonly upper: string;
  readonly folder: string;
}

async function runIn({ lower, upper, folder }: OverlayFolders, script: string): Promise<void> {
  const [work, merged] = [join(folder, "work"), join(folder, "merged")];
  for (const path of [upper, work, merged]) await mkdir(path, { recursive: true });
  const inNamespace = [
    `mount -t overlay overlay -o lowerdir=${lower},upperdir=${upper},workdir=${work} ${merged}`,
    `mount -t proc proc ${merged}/proc`,
    `mount --bind /dev ${merged}/dev`,
    `mount --bind /etc/resolv.conf ${merged}/etc/resolv.conf`,
    `exec chroot ${merged} /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root /bin/sh -c "$0"`,
  ];
  await runCommand("unshare", ["--mount", "/bin/sh", "-ec", inNamespace.join("\n"), script], { timeoutMs: maxRunMs });
}

async function contentBytes(folder: string, counted: Set<number>): Promise<number> {
  let bytes = 0;
  for (const { name } of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, name);
    const it = await lstat(path);
    if (it.isDirectory()) bytes += await contentBytes(path, counted);
    else if (it.isFile() && !counted.has(it.ino)) {
      counted.add(it.ino);
      bytes += it.size;
    }
  }
  return bytes;
}
