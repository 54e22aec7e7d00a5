import { access, constants, readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { oneAtATime } from "./cache.ts";
import { runCommand } from "./command.ts";

/** A program that rigs start, and the Debian packages that contain it. */
export interface SystemProgram {
  readonly program: string;
  readonly packages: readonly string[];
}

/**
 * Every program outside npm that any rig starts. Debian and Ubuntu use the same package names, except for Chromium (a
 * snap on Ubuntu).
 */
export const systemPrograms = {
  chromium: { program: "chromium", packages: ["chromium", "fonts-dejavu-core"] },
  dockerd: { program: "dockerd", packages: ["docker.io", "containerd", "runc", "iptables"] },
  skopeo: { program: "skopeo", packages: ["skopeo"] },
  podman: { program: "podman", packages: ["podman"] },
  registry: { program: "docker-registry", packages: ["docker-registry"] },
  debootstrap: { program: "debootstrap", packages: ["debootstrap", "debian-archive-keyring"] },
  virtualDisplay: { program: "Xvfb", packages: ["xvfb"] },
  unshare: { program: "unshare", packages: ["util-linux"] },
  sshd: { program: "sshd", packages: ["openssh-server"] },
  ssh: { program: "ssh", packages: ["openssh-client"] },
  shellcheck: { program: "shellcheck", packages: ["shellcheck"] },
  neovim: { program: "nvim", packages: ["neovim"] },
  emacs: { program: "emacs", packages: ["emacs-nox", "elpa-eglot", "elpa-dockerfile-mode"] },
} as const satisfies Record<string, SystemProgram>;

/**
 * Ensures that the programs exist: as root on Debian or Ubuntu by installing missing ones, elsewhere by an error with
 * instructions.
 */
export async function needPrograms(programs: readonly SystemProgram[]): Promise<void> {
  if ((await missingOf(programs)).length === 0) return;
  await whileAloneWithApt(async () => {
    const missing = await missingOf(programs);
    const packages = [...new Set(missing.flatMap((program) => program.packages))];
    if (missing.length > 0)
      await installPackages(
        missing.map(({ program }) => program).join(", "),
        packages.map((name) => [name]),
      );
  });
}

/** The reason why tests with these programs can't run here; undefined if they can. In CI it is a failure. */
export async function rigLack(programs: readonly SystemProgram[]): Promise<string | undefined> {
  try {
    await needPrograms(programs);
    return undefined;
  } catch (error) {
    if (!(error instanceof MissingRig) || process.env["CI"] !== undefined) throw error;
    return error.message;
  }
}

/** Two rigs may find missing programs at the same time, and apt's own lock doesn't queue them. */
export async function whileAloneWithApt(work: () => Promise<void>): Promise<void> {
  await oneAtATime("apt", work);
}

/** Installs packages because `what` is missing; of each list the first name that apt knows. */
export async function installPackages(what: string, packages: readonly (readonly string[])[]): Promise<void> {
  if (process.getuid?.() !== 0 || !(await isDebianLike())) {
    const names = packages.map((names) => names.at(-1)).join(" ");
    throw new MissingRig(
      `${what} missing; install it and run again, on Debian or Ubuntu with\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}`,
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]): Promise<string> =>
    runCommand("apt-get", ["-o", lockTimeout, ...args], { timeoutMs: maxInstallMs, env });
  process.stderr.write(`${what} missing, asking apt …\n`);
  await apt("update");
  const names = [...new Set(await Promise.all(packages.map(firstKnown)))];
  process.stderr.write(`installing ${names.join(" ")} …\n`);
  await apt("install", "-y", "--no-install-recommends", ...names);
}

/**
 * Something is missing on this machine that the rigs can't install: the tests that need it are skipped locally, and
 * fail in CI.
 */
export class MissingRig extends Error {}

/** The path of a program on the PATH, if it exists. */
export async function findProgram(name: string): Promise<string | undefined> {
  // Daemons are in sbin, which a user's PATH needn't contain.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  for (const folder of folders.filter((folder) => folder !== "")) {
    const path = join(folder, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

/** Another apt may be running, such as a fresh machine's first update; in seconds. */
const lockTimeout = "DPkg::Lock::Timeout=300";
/** Chromium with its dependencies is some 300 MB. */
const maxInstallMs = 15 * 60_000;

async function missingOf(programs: readonly SystemProgram[]): Promise<SystemProgram[]> {
  const found = await Promise.all(programs.map(({ program }) => findProgram(program)));
  return programs.filter((_, index) => found[index] === undefined);
}

async function firstKnown(names: readonly string[]): Promise<string> {
  for (const name of names.slice(0, -1)) {
    if (
      await runCommand("apt-cache", ["show", name], { timeoutMs: 30_000 }).then(
        () => true,
        () => false,
      )
    )
      return name;
  }
  return names.at(-1) ?? "";
}

async function isDebianLike(): Promise<boolean> {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && (await findProgram("apt-get")) !== undefined;
}
