import type { Build } from "../semantics/build.ts";
import { packageCallOf } from "../semantics/packages/calls.ts";
import { hasOption } from "../semantics/runCommands.ts";
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
  const stage = build.stageChain(build.file.stages[instruction.stageIndex]).at(-1);
  const image = (stage && build.baseName(stage)) ?? "";
  const mounted = new Set(mountsOf(instruction).map(({ target }) => target?.value));
  const targets = [...new Set(commands.flatMap((command) => cachesOf(command, image)))];
  const added = targets.filter((target) => !mounted.has(target));
  if (added.length === 0) return [];
  const at = instruction.restSpan.start;
  const text = added.map((target) => `--mount=type=cache,target=${target} `).join("");
  return [
    {
      title: added.length === 1 ? `Add a cache mount for ${added[0]}` : "Add cache mounts",
      kind: "rewrite",
      changes: [{ span: { start: at, end: at }, text }],
    },
  ];
};

interface Cache {
  readonly action: RegExp;
  /** The options with which nothing is cached. */
  readonly without?: readonly string[];
  /** For root; of an image where it is another. */
  readonly folders: (image: string) => readonly string[];
}

const pip: Cache = { action: /^install$/, without: ["--no-cache-dir"], folders: () => ["/root/.cache/pip"] };

/** By program. @see https://docs.docker.com/build/cache/optimize/#use-cache-mounts */
const caches: ReadonlyMap<string, Cache> = new Map<string, Cache>([
  ["pip", pip],
  ["pip3", pip],
  ["uv", { action: /^(?:sync|pip)$/, without: ["--no-cache"], folders: () => ["/root/.cache/uv"] }],
  ["npm", { action: /^(?:ci|install|i)$/, folders: () => ["/root/.npm"] }],
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
  ["dotnet", { action: /^(?:restore|build|publish)$/, folders: () => ["/root/.nuget/packages"] }],
]);

function cachesOf(command: ShellCommand, image: string): readonly string[] {
  const cache = caches.get(baseName(command.name ?? ""));
  const action = packageCallOf(command)?.action ?? "";
  if (!cache || !cache.action.test(action) || hasOption(command, ...(cache.without ?? []))) return [];
  return cache.folders(image);
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
