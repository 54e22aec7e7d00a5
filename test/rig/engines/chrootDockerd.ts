// Started by containerdEngine.ts as the first process of its own mount and pid namespaces: mounts what dockerd needs
// into the chroot, runs it there, and ends with it. Nothing is unmounted, because the mounts disappear with the
// namespace.
import { execFileSync, spawn } from "node:child_process";
import { chrootFolders } from "./containerdEngine.ts";

const [chroot, run, data] = process.argv.slice(2);
if (chroot === undefined || run === undefined || data === undefined)
  throw new Error("usage: chrootDockerd.ts CHROOT RUN DATA");

// Without a separate mount, containerd finds none for its root, and doesn't load a snapshotter.
mount("--bind", chroot, chroot);
for (const name of ["proc", "sys", "dev"]) mount("--rbind", `/${name}`, `${chroot}/${name}`);
mount("--bind", run, `${chroot}${chrootFolders.run}`);
mount("--bind", data, `${chroot}${chrootFolders.data}`);
for (const name of ["resolv.conf", "hosts"]) mount("--bind", `${run}/${name}`, `${chroot}/etc/${name}`);

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const inside = chrootFolders.run;
const dockerd = spawn(
  "chroot",
  [
    chroot,
    "dockerd",
    "--data-root",
    chrootFolders.data,
    "--exec-root",
    `${inside}/exec`,
    "--pidfile",
    `${inside}/pid`,
    "--config-file",
    `${inside}/daemon.json`,
    "--host",
    `unix://${inside}/docker.sock`,
    "--bridge",
    "none",
    "--iptables=false",
    "--ip6tables=false",
    "--shutdown-timeout",
    "2",
  ],
  { stdio: "inherit", env: { ...process.env, PATH: path } },
);
// The group's SIGTERM also reaches dockerd; this process only has to wait for it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
dockerd.on("error", (error) => fail(error.message));
dockerd.on("exit", (code) => process.exit(code ?? 1));

function mount(...args: string[]): void {
  execFileSync("mount", args, { stdio: ["ignore", "inherit", "inherit"] });
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
