import type { ShellCommand } from "../../shell/shell.ts";
import { hasOption, operandsOf, runsProgram, type InstructionScript } from "../runCommands.ts";

/** The way a package manager installs the packages in a project's manifest. */
export interface Installer {
  readonly programs: readonly string[];
  /** "" means the program alone. */
  readonly subcommands: readonly string[];
  readonly manifests: readonly string[];
  /** The manifests, if the command names them. */
  readonly manifestsOf?: (command: ShellCommand) => readonly string[];
  readonly locks: readonly string[];
  /** Other files that affect the packages installed, and may be absent. */
  readonly settings?: readonly string[];
  /** The way to keep to an existing lock file; absent if the program always does. */
  readonly keeping?: LockKeeping;
  /** Options under which no project is installed. */
  readonly not?: readonly string[];
  /** True if the project's own files are needed as well, which means that installing can't come before them. */
  readonly needsSources?: (command: ShellCommand) => boolean;
}

export interface LockKeeping {
  /** Subcommands, options and variables that make it keep to the lock file, or state that this isn't wanted. */
  readonly subcommands?: readonly string[];
  readonly options: readonly string[];
  readonly variables: readonly string[];
  /**
   * The text to write instead of the subcommand, or after it, or instead of the command, by the name of the lock file.
   */
  readonly write:
    | { readonly subcommand: string }
    | { readonly option: string }
    | { readonly commands: Readonly<Record<string, string>> };
  /** True if the lock file is ignored; otherwise it is changed if the manifest requires more. */
  readonly disregards?: true;
}

/** An install in a RUN. */
export interface Install extends InstructionScript {
  readonly command: ShellCommand;
  readonly installer: Installer;
}

/**
 * @see https://docs.npmjs.com/cli/commands/npm-ci, https://classic.yarnpkg.com/lang/en/docs/cli/install/,
 * https://yarnpkg.com/cli/install, https://pnpm.io/cli/install, https://bun.sh/docs/cli/install,
 * https://docs.astral.sh/uv/concepts/projects/sync/, https://bundler.io/man/bundle-install.1.html,
 * https://getcomposer.org/doc/03-cli.md, https://doc.rust-lang.org/cargo/commands/cargo-install.html,
 * https://pipenv.pypa.io/en/latest/commands.html
 */
const installers: readonly Installer[] = [
  {
    programs: ["npm"],
    subcommands: ["install", "i", "in", "ins", "add", "ci", "clean-install"],
    manifests: ["package.json"],
    locks: ["package-lock.json", "npm-shrinkwrap.json"],
    settings: [".npmrc"],
    not: ["-g", "--global", "--location", "--prefix"],
    keeping: {
      subcommands: ["ci", "clean-install"],
      options: ["--package-lock", "--no-package-lock"],
      variables: [],
      write: { subcommand: "ci" },
    },
  },
  {
    programs: ["yarn", "yarnpkg"],
    subcommands: ["", "install"],
    manifests: ["package.json"],
    locks: ["yarn.lock"],
    settings: [".yarnrc", ".yarnrc.yml", ".npmrc"],
    not: ["--version", "-v", "--help", "--cwd"],
    keeping: {
      options: ["--frozen-lockfile", "--immutable", "--pure-lockfile", "--no-lockfile", "--no-immutable"],
      variables: ["CI", "YARN_ENABLE_IMMUTABLE_INSTALLS"],
      write: { option: "--frozen-lockfile" },
    },
  },
  {
    programs: ["pnpm"],
    subcommands: ["install", "i"],
    manifests: ["package.json"],
    locks: ["pnpm-lock.yaml"],
    settings: ["pnpm-workspace.yaml", ".npmrc", ".pnpmfile.cjs"],
    not: ["-g", "--global", "--dir", "-C"],
    keeping: {
      options: ["--frozen-lockfile", "--no-frozen-lockfile", "--no-lockfile", "--offline"],
      variables: ["CI"],
      write: { option: "--frozen-lockfile" },
    },
  },
  {
    programs: ["bun"],
    subcommands: ["install", "i"],
    manifests: ["package.json"],
    locks: ["bun.lock", "bun.lockb"],
    settings: ["bunfig.toml"],
    not: ["-g", "--global", "--cwd"],
    keeping: { options: ["--frozen-lockfile", "--no-save"], variables: [], write: { option: "--frozen-lockfile" } },
  },
  {
    programs: ["uv"],
    subcommands: ["sync"],
    manifests: ["pyproject.toml"],
    locks: ["uv.lock"],
    settings: ["uv.toml", ".python-version"],
    not: ["--project", "--directory"],
    keeping: {
      options: ["--locked", "--frozen"],
      variables: ["UV_LOCKED", "UV_FROZEN"],
      write: { option: "--locked" },
    },
    needsSources: (command) => !hasOption(command, "--no-install-project", "--no-install-workspace"),
  },
  {
    programs: ["poetry"],
    subcommands: ["install"],
    manifests: ["pyproject.toml"],
    locks: ["poetry.lock"],
    settings: ["poetry.toml"],
    needsSources: (command) => !hasOption(command, "--no-root"),
  },
  {
    programs: ["pipenv"],
    subcommands: ["install", "sync"],
    manifests: ["Pipfile"],
    locks: ["Pipfile.lock"],
    keeping: {
      subcommands: ["sync"],
      options: ["--deploy", "--ignore-pipfile", "--skip-lock"],
      variables: [],
      write: { option: "--deploy" },
    },
  },
  {
    programs: ["bundle", "bundler"],
    subcommands: ["install"],
    manifests: ["Gemfile"],
    locks: ["Gemfile.lock"],
    not: ["--gemfile"],
    keeping: {
      options: ["--frozen", "--deployment"],
      variables: ["BUNDLE_FROZEN", "BUNDLE_DEPLOYMENT"],
      write: { option: "--frozen" },
    },
  },
  {
    programs: ["composer"],
    subcommands: ["update", "install", "i"],
    manifests: ["composer.json"],
    locks: ["composer.lock"],
    not: ["--working-dir", "-d"],
    keeping: {
      subcommands: ["install", "i"],
      options: [],
      variables: [],
      write: { subcommand: "install" },
      disregards: true,
    },
    needsSources: (command) => !hasOption(command, "--no-scripts", "--no-autoloader"),
  },
  {
    programs: ["cargo"],
    subcommands: ["install"],
    manifests: ["Cargo.toml"],
    locks: ["Cargo.lock"],
    keeping: { options: ["--locked", "--frozen"], variables: [], write: { option: "--locked" }, disregards: true },
    needsSources: () => true,
  },
  {
    programs: ["pip", "pip3"],
    subcommands: ["install"],
    manifests: ["requirements.txt"],
    manifestsOf: (command) => requirementFiles(command),
    locks: [],
    not: ["--prefix"],
  },
  {
    programs: ["pip", "pip3"],
    subcommands: ["install"],
    manifests: ["pyproject.toml"],
    locks: ["uv.lock", "poetry.lock", "pdm.lock"],
    keeping: {
      options: ["-r", "--requirement", "-c", "--constraint", "--no-deps"],
      variables: ["PIP_CONSTRAINT"],
      write: { commands: { "uv.lock": "uv sync --locked", "poetry.lock": "poetry install", "pdm.lock": "pdm sync" } },
      disregards: true,
    },
    needsSources: () => true,
  },
  { programs: ["go"], subcommands: ["mod"], manifests: ["go.mod"], locks: ["go.sum"] },
];

/** The installs among scripts, in their order. */
export function installsIn(scripts: readonly InstructionScript[]): readonly Install[] {
  return scripts.flatMap((it) =>
    it.script.commands.flatMap((command): Install[] => {
      const installer = installers.find((candidate) => installsWith(candidate, command));
      return installer ? [{ ...it, command, installer }] : [];
    }),
  );
}

/** The files that name the installed packages, relative to the folder of the install. */
export function manifestsOf({ command, installer }: Install): readonly string[] {
  return installer.manifestsOf?.(command) ?? installer.manifests;
}

function installsWith({ programs, subcommands, locks, not = [] }: Installer, command: ShellCommand): boolean {
  if (!runsProgram(command, ...programs) || hasOption(command, ...not)) return false;
  // Values of options missing from the table of options look like operands: numbers are never packages.
  const [subcommand = "", ...packages] = operandsOf(command)
    .map(({ value }) => value)
    .filter((value) => !/^\d+$/.test(value));
  if (!subcommands.includes(subcommand)) return false;
  if (runsProgram(command, "pip", "pip3"))
    return locks.length === 0
      ? packages.length === 0 && requirementFiles(command).length > 0
      : command.arguments.some(({ value }) => /^\.\/?(?:\[.*\])?$/.test(value));
  if (runsProgram(command, "go")) return packages.join(" ") === "download";
  if (runsProgram(command, "cargo"))
    return command.arguments.some(({ value }) => value === "--path" || value.startsWith("--path="));
  return packages.length === 0;
}

/** The values of `-r`. */
function requirementFiles({ arguments: words }: ShellCommand): readonly string[] {
  return words.flatMap(({ value, isLiteral }, at): string[] => {
    const isBehind = words[at - 1]?.value === "-r" || words[at - 1]?.value === "--requirement";
    const named = isBehind ? value : /^(?:-r|--requirement=)(.+)$/.exec(value)?.[1];
    return named !== undefined && isLiteral && !named.startsWith("/") ? [named.replace(/^\.\//, "")] : [];
  });
}
