import type { Build } from "../semantics/build.ts";
import { packageCallOf } from "../semantics/packages/calls.ts";
import { hasOption, operandsOf, runsProgram } from "../semantics/runCommands.ts";
import { isRoot } from "../semantics/runtimeUser.ts";
import { baseName } from "../shell/inEffect.ts";
import type { ShellCommand } from "../shell/shell.ts";
import { mountsOf } from "../syntax/mounts.ts";
import type { Instruction } from "../syntax/syntax.ts";
import type { Refactor } from "./refactoring.ts";

/** Mounts the caches of the package managers that a RUN uses, which later builds find again. */
export const addCacheMount: Refactor = ({ build, instruction }) => {
  if (instruction.keyword.value !== "RUN" || !isAsRoot(build, instruction)) return [];
  const commands = build.shell.script(instruction, build.file)?.commands ?? [];
  const stage = build.rootStage(build.file.stages[instruction.stageIndex]);
  const image = (stage && build.baseName(stage)) ?? "";
  const mounted = new Set(mountsOf(instruction).map(({ target }) => target?.value));
  const targets = [...new Set(commands.flatMap((command) => cachesOf(command, commands, image)))];
  const added = targets.filter((target) => !mounted.has(folderOf(target)));
  if (added.length === 0) return [];
  const at = instruction.restSpan.start;
  const text = added.map((target) => `--mount=type=cache,target=${target} `).join("");
  return [
    {
      title: added.length === 1 ? `Add a cache mount for ${folderOf(added[0] ?? "")}` : "Add cache mounts",
      kind: "rewrite",
      changes: [{ span: { start: at, end: at }, text }],
    },
  ];
};

/** The folder of a mount, without its other options. */
function folderOf(target: string): string {
  return target.split(",", 1)[0] ?? target;
}

interface Cache {
  readonly action: RegExp;
  /** The options with which nothing is cached. */
  readonly without?: readonly string[];
  /** True if the RUN empties the cache. */
  readonly isEmptied?: (commands: readonly ShellCommand[]) => boolean;
  /** For root; of an image where it is another. */
  readonly folders: (image: string, command: ShellCommand) => readonly string[];
}

const pip: Cache = { action: /^install$/, without: ["--no-cache-dir"], folders: () => ["/root/.cache/pip"] };

// Two builds at once would wait for each other's lock and fail: the mounts are locked instead.
const apt: Cache = {
  action: /^(?:install|update|upgrade|full-upgrade|dist-upgrade|build-dep)$/,
  isEmptied: (commands) => commands.some((command) => removesLists(command) || cleans(command, /^(?:apt|apt-get)$/)),
  folders: () => ["/var/cache/apt,sharing=locked", "/var/lib/apt,sharing=locked"],
};

const dnf: Cache = {
  action: /^(?:install|upgrade|update|builddep|module install|group install)$/,
  isEmptied: (commands) => commands.some((command) => cleans(command, /^(?:dnf5?|yum)$/)),
  folders: (image, { name }) => [`/var/cache/${isDnf5(image, name) ? "libdnf5" : "dnf"},sharing=locked`],
};

const gradle: Cache = {
  action: /^/,
  folders: (image) => [isOfficial(image, "gradle") ? "/home/gradle/.gradle" : "/root/.gradle"],
};

/** By program. @see https://docs.docker.com/build/cache/optimize/#use-cache-mounts */
const caches: ReadonlyMap<string, Cache> = new Map<string, Cache>([
  ["apt", apt],
  ["apt-get", apt],
  // apk caches packages only if this folder is there.
  ["apk", { action: /^(?:add|upgrade)$/, without: ["--no-cache"], folders: () => ["/etc/apk/cache,sharing=locked"] }],
  ["dnf", dnf],
  ["dnf5", dnf],
  ["pip", pip],
  ["pip3", pip],
  ["uv", { action: /^(?:sync|pip)$/, without: ["--no-cache"], folders: () => ["/root/.cache/uv"] }],
  ["npm", { action: /^(?:ci|install|i)$/, folders: () => ["/root/.npm"] }],
  [
    "yarn",
    {
      action: /^(?:install)?$/,
      // Only yarn 2 and later have the option.
      folders: (_image, command) => [
        hasOption(command, "--immutable") ? "/root/.yarn/berry/cache" : "/usr/local/share/.cache/yarn",
      ],
    },
  ],
  ["pnpm", { action: /^(?:i|install|fetch)$/, folders: () => ["/root/.local/share/pnpm/store"] }],
  [
    "go",
    {
      action: /^(?:build|install|mod|test)$/,
      folders: (image) => [isOfficial(image, "golang") ? "/go/pkg/mod" : "/root/go/pkg/mod", "/root/.cache/go-build"],
    },
  ],
  [
    "cargo",
    {
      action: /^(?:build|fetch|install)$/,
      folders: (image) => [isOfficial(image, "rust") ? "/usr/local/cargo/registry" : "/root/.cargo/registry"],
    },
  ],
  ["mvn", { action: /^/, folders: () => ["/root/.m2"] }],
  ["mvnw", { action: /^/, folders: () => ["/root/.m2"] }],
  ["gradle", gradle],
  ["gradlew", gradle],
  ["dotnet", { action: /^(?:restore|build|publish)$/, folders: () => ["/root/.nuget/packages"] }],
]);

function cachesOf(command: ShellCommand, commands: readonly ShellCommand[], image: string): readonly string[] {
  const cache = caches.get(baseName(command.name ?? ""));
  const action = packageCallOf(command)?.action ?? "";
  if (!cache || !cache.action.test(action) || hasOption(command, ...(cache.without ?? []))) return [];
  return cache.isEmptied?.(commands) ? [] : cache.folders(image, command);
}

function removesLists(command: ShellCommand): boolean {
  return (
    runsProgram(command, "rm") && operandsOf(command).some(({ value }) => /^\/var\/(?:lib|cache)\/apt\b/.test(value))
  );
}

function cleans(command: ShellCommand, program: RegExp): boolean {
  const action = program.test(baseName(command.name ?? "")) ? packageCallOf(command)?.action : undefined;
  return action === "clean" || action === "autoclean" || action === "distclean";
}

/** Fedora 41 and later have dnf5 by the name of dnf. */
function isDnf5(image: string, program: string | undefined): boolean {
  const [, release] = /(?:^|\/)fedora:(\d+)/.exec(image) ?? [];
  return (
    baseName(program ?? "") === "dnf5" || (release === undefined ? isOfficial(image, "fedora") : Number(release) >= 41)
  );
}

/** `golang:1.24`, `docker.io/library/golang`. */
function isOfficial(image: string, name: string): boolean {
  return new RegExp(`^(?:docker\\.io/)?(?:library/)?${name}(?:[:@]|$)`).test(image);
}

/** The folders are root's. An image whose user is unknown is taken for one of the many that run as root. */
function isAsRoot(build: Build, { stageIndex, index }: Instruction): boolean {
  const stage = build.file.stages[stageIndex];
  const user = build.user(stage, index);
  return "user" in user ? isRoot(user.user) : true;
}
