import type { Dockerfile, Instruction, Stage } from "../syntax/syntax.ts";

/** The shell that runs the text of an instruction. */
export interface EffectiveShell {
  /** As in SHELL; Docker's default without one. */
  readonly command: readonly string[];
  /** False for PowerShell, cmd, fish and anything else that doesn't read POSIX shell text. */
  readonly isPosix: boolean;
  /** True if set by a SHELL instruction of this file. */
  readonly isExplicit: boolean;
}

/** Returns the shell at an instruction. */
export type ShellInEffect = (instruction: Instruction) => EffectiveShell;

/**
 * The shells of a file: for each instruction, the last SHELL before it in its stage or in the stages that one is built
 * from.
 */
export function shellsInEffect(file: Dockerfile): ShellInEffect {
  const shells = shellsOfFile(file);
  return ({ index }) => shells[index] ?? defaultShell;
}

/** True if a program reads POSIX shell text. Takes a path or a name. */
export function isPosixShell(program: string): boolean {
  return posixShells.has(baseName(program));
}

/** `/usr/bin/bash` → `bash`, `C:\\x\\pwsh.exe` → `pwsh`. */
export function baseName(program: string): string {
  // Usually there is nothing to do, and every rule calls this for every command.
  if (!/[/\\A-Z.]/.test(program)) return program;
  return program
    .slice(Math.max(program.lastIndexOf("/"), program.lastIndexOf("\\")) + 1)
    .toLowerCase()
    .replace(/\.exe$/, "");
}

const posixShells = new Set([
  "sh",
  "bash",
  "dash",
  "ash",
  "ksh",
  "ksh93",
  "mksh",
  "lksh",
  "oksh",
  "yash",
  "zsh",
  "busybox",
]);

/** @see https://docs.docker.com/reference/dockerfile/#shell */
const defaultShell: EffectiveShell = { command: ["/bin/sh", "-c"], isPosix: true, isExplicit: false };
const defaultWindowsShell: EffectiveShell = { command: ["cmd", "/S", "/C"], isPosix: false, isExplicit: false };

/**
 * Published names of Windows base images.
 * @see https://learn.microsoft.com/virtualization/windowscontainers/manage-containers/container-base-images
 */
const windowsImage = /(?:^|\/)mcr\.microsoft\.com\/windows(?:[/:@]|$)|nanoserver|servercore/i;

/** Keyed by the index of the instruction. */
function shellsOfFile(file: Dockerfile): readonly EffectiveShell[] {
  const shells: EffectiveShell[] = [];
  const atEndOfStage = new Map<string, EffectiveShell>();
  const pragmas = shellPragmas(file);
  const walk = (instructions: readonly Instruction[], start: EffectiveShell): EffectiveShell => {
    let shell = start;
    for (const instruction of instructions) {
      shell = pragmas.get(instruction.index) ?? shell;
      shells[instruction.index] = shell;
      if (instruction.keyword.value === "SHELL") shell = shellOf(instruction) ?? shell;
    }
    return shell;
  };
  walk(file.globals, defaultShell);
  for (const stage of file.stages) {
    const inherited = stage.base && atEndOfStage.get(stage.base.value.toLowerCase());
    const end = walk([stage.from, ...stage.instructions], inherited ?? shellOfBase(stage, file));
    atEndOfStage.set(String(stage.index), end);
    if (stage.name) atEndOfStage.set(stage.name.value.toLowerCase(), end);
  }
  return shells;
}

function shellOf(instruction: Instruction): EffectiveShell | undefined {
  const [program] = instruction.arguments;
  if (instruction.form !== "json" || !program) return undefined;
  return {
    command: instruction.arguments.map(({ value }) => value),
    isPosix: isPosixShell(program.value),
    isExplicit: true,
  };
}

function shellOfBase(stage: Stage, file: Dockerfile): EffectiveShell {
  const isWindows =
    stage.platform?.value.toLowerCase().startsWith("windows") === true ||
    (stage.base !== undefined && windowsImage.test(stage.base.value)) ||
    // A backquote as the escape character only makes sense for Windows paths.
    file.escape === "`";
  return isWindows ? defaultWindowsShell : defaultShell;
}

/** `# hadolint shell=powershell` above an instruction applies from there on. */
function shellPragmas(file: Dockerfile): ReadonlyMap<number, EffectiveShell> {
  const pragmas = new Map<number, EffectiveShell>();
  for (const { text, span } of file.comments) {
    const shell = /^hadolint\s+shell\s*=\s*(\S+)/i.exec(text)?.[1];
    const next = shell && file.instructions.find((instruction) => instruction.span.end > span.start);
    if (shell && next)
      pragmas.set(next.index, { command: [shell, "-c"], isPosix: isPosixShell(shell), isExplicit: true });
  }
  return pragmas;
}
