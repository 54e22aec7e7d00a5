import { access, constants, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { runCommand } from "./command.ts";

/** A program the rigs start, and the Debian packages that bring it. */
export interface SystemProgram {
  readonly program: string;
  readonly packages: readonly string[];
}

/** Every program outside npm that any rig starts. Debian and Ubuntu name these packages alike, but for Chromium (a snap on Ubuntu). */
export const systemPrograms = {
  chromium: { program: "chromium", packages: ["chromium", "fonts-dejavu-core"] },
  dockerd: { program: "dockerd", packages: ["docker.io", "containerd", "runc", "iptables"] },
  registry: { program: "docker-registry", packages: ["docker-registry"] },
  debootstrap: { program: "debootstrap", packages: ["debootstrap", "debian-archive-keyring"] },
  virtualDisplay: { program: "xvfb-run", packages: ["xvfb", "xauth"] },
  htpasswd: { program: "htpasswd", packages: ["apache2-utils"] },
  unshare: { program: "unshare", packages: ["util-linux"] },
} as const satisfies Record<string, SystemProgram>;

/** The programs are there afterwards: as root on Debian or Ubuntu by installing what lacks, elsewhere the error says how. */
export async function needPrograms(programs: readonly SystemProgram[]): Promise<void> {
  const found = await Promise.all(programs.map(({ program }) => findProgram(program)));
  const missing = programs.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return;
  const names = missing.map(({ program }) => program).join(", ");
  const packages = [...new Set(missing.flatMap((program) => program.packages))];
  const install = ["install", "-y", "--no-install-recommends", ...packages];
  if (process.getuid?.() !== 0 || !(await isDebianLike())) {
    throw new Error(`${names} missing; install it and run again, on Debian or Ubuntu with\n  sudo apt-get update && sudo apt-get ${install.join(" ")}`);
  }
  process.stderr.write(`${names} missing, installing ${packages.join(" ")} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runCommand("apt-get", [...waitForLock, "update"], { timeoutMs: 5 * 60_000, env });
  await runCommand("apt-get", [...waitForLock, ...install], { timeoutMs: 15 * 60_000, env });
}

/** Where a program of this name is on the PATH, if anywhere. */
export async function findProgram(name: string): Promise<string | undefined> {
  // Daemons are in sbin, which a user's PATH need not have.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  for (const folder of folders.filter((folder) => folder !== "")) {
    const path = join(folder, name);
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path;
  }
  return undefined;
}

/** Another apt may be at work, in a fresh machine its own first update; in seconds. */
const waitForLock = ["-o", "DPkg::Lock::Timeout=300"];

async function isDebianLike(): Promise<boolean> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && (await findProgram("apt-get")) !== undefined;
}
