import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../machine/command.ts";
import { needPrograms, systemPrograms } from "../machine/systemPackages.ts";

export interface DebianFolder {
  readonly suite: string;
  readonly include?: readonly string[];
}

/** Ten times as long as it takes on a slow connection. */
const maxDebootstrapMs = 10 * 60_000;

/** Unpacks a minimal Debian into a folder, from the mirror and with the proxy of this machine's apt. */
export async function debootstrap(debian: DebianFolder, folder: string): Promise<void> {
  await needPrograms([systemPrograms.debootstrap]);
  const mirror = await aptMirror();
  const include = debian.include === undefined ? [] : [`--include=${debian.include.join(",")}`];
  const args = ["--variant=minbase", ...include, debian.suite, folder, ...(mirror === undefined ? [] : [mirror])];
  await runCommand("debootstrap", args, {
    timeoutMs: maxDebootstrapMs,
    env: { ...process.env, ...(await aptProxy()) },
  });
  const archives = join(folder, "var/cache/apt/archives");
  for (const name of await readdir(archives)) {
    if (name.endsWith(".deb")) await rm(join(archives, name));
  }
}

/** The first Debian mirror in apt's sources; Ubuntu's doesn't count, and debootstrap then uses its default. */
async function aptMirror(): Promise<string | undefined> {
  const folder = "/etc/apt/sources.list.d";
  const files = ["/etc/apt/sources.list", ...(await readdir(folder).catch(() => [])).map((name) => join(folder, name))];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  // Both styles: "deb [options] URI suite component" and deb822's "URIs: URI".
  const uris = texts.flatMap((text) =>
    [...text.matchAll(/^(?:deb\s+(?:\[[^\]]*\]\s+)?|URIs:\s*)(https?:\/\/\S+)/gm)].map((match) => match[1] ?? ""),
  );
  return uris.find((uri) => /\/debian\/?$/.test(uri));
}

async function aptProxy(): Promise<Record<string, string>> {
  const dump = await runCommand("apt-config", ["dump", "--format", "%v%n", "Acquire::http::Proxy"], {
    timeoutMs: 10_000,
  }).catch(() => "");
  const proxy = dump.trim();
  return proxy === "" || proxy === "DIRECT" ? {} : { http_proxy: proxy };
}
