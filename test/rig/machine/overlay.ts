import { mkdir, readdir, lstat } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import { temporaryDiskFolder } from "./folders.ts";

/** Long enough for a RUN that downloads 200 MB. */
const maxRunMs = 10 * 60_000;

/**
 * Runs a shell text in a root file system as a RUN would, and counts what it writes as Docker's overlay2 counts a layer: bytes of
 * regular files, each hard-linked file once. Needs root; the network is the machine's.
 */
export async function bytesOfRun(root: string, script: string): Promise<number> {
  const folder = await temporaryDiskFolder("overlay");
  const [upper, work, merged] = ["upper", "work", "merged"].map((name) => join(folder.path, name));
  if (upper === undefined || work === undefined || merged === undefined) throw new Error("three names, three paths");
  const limits = { timeoutMs: maxRunMs };
  try {
    for (const path of [upper, work, merged]) await mkdir(path);
    const inNamespace = [
      `mount -t overlay overlay -o lowerdir=${root},upperdir=${upper},workdir=${work} ${merged}`,
      `mount -t proc proc ${merged}/proc`,
      `mount --bind /dev ${merged}/dev`,
      `mount --bind /etc/resolv.conf ${merged}/etc/resolv.conf`,
      `exec chroot ${merged} /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root /bin/sh -c "$0"`,
    ];
    await runCommand("unshare", ["--mount", "/bin/sh", "-ec", inNamespace.join("\n"), script], limits);
    return await contentBytes(upper, new Set());
  } finally {
    await folder.remove();
  }
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
