import type { ShellCommand, ShellParser, ShellScript, ShellWord } from "../shell/shell.ts";
import { baseName } from "../shell/inEffect.ts";
import type { Dockerfile, Instruction, Span } from "../syntax/syntax.ts";
import { ownEntry } from "../../oci/core/ownEntry.ts";

export interface InstructionScript {
  readonly instruction: Instruction;
  /** The RUN itself or the one behind ONBUILD. */
  readonly run: Instruction;
  readonly script: ShellScript;
}

/** The scripts that a build runs: RUN and ONBUILD RUN, in the file's order. */
export function runScriptsIn(file: Dockerfile, shell: ShellParser): readonly InstructionScript[] {
  return file.instructions.flatMap((instruction) => {
    const run = instruction.trigger ?? instruction;
    const script = run.keyword.value === "RUN" ? shell.script(instruction, file) : undefined;
    return script ? [{ instruction, run, script }] : [];
  });
}

/** Whether a command runs one of these programs, by name or path. */
export function runsProgram({ name }: ShellCommand, ...programs: readonly string[]): boolean {
  return name !== undefined && programs.includes(baseName(name));
}

/** The words that are neither options nor their values. Everything behind `--` is one. */
export function operandsOf({ name, arguments: words }: ShellCommand): readonly ShellWord[] {
  const valued = ownEntry(valuedOptions, baseName(name ?? "")) ?? [];
  const operands: ShellWord[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) break;
    if (word.value === "--") return [...operands, ...words.slice(index + 1)];
    if (valued.includes(word.value)) index++;
    else if (!word.value.startsWith("-") || word.value === "-") operands.push(word);
  }
  return operands;
}

/** `install` of `apt-get -y install a`. */
export function subcommandOf(command: ShellCommand): string | undefined {
  return operandsOf(command)[0]?.value;
}

/** Whether a command has an option: `-y`, also among short ones written together (`-qy`), or `--assume-yes`. */
export function hasOption({ arguments: words }: ShellCommand, ...options: readonly string[]): boolean {
  const end = words.findIndex(({ value }) => value === "--");
  return words
    .slice(0, end < 0 ? undefined : end)
    .some(({ value }) => options.some((option) => isOption(value, option)));
}

/** From the program's name to one of its words. */
export function spanUpTo({ nameSpan }: ShellCommand, word: ShellWord | undefined): Span {
  return { start: nameSpan.start, end: word?.span.end ?? nameSpan.end };
}

function isOption(word: string, option: string): boolean {
  if (option.startsWith("--") || option.length > 2) return word === option || word.startsWith(`${option}=`);
  return /^-[^-]/.test(word) && word.includes(option.slice(1));
}

/** Options whose value is the next word. Sources: the programs' manual pages (apt 2.9, apk-tools 2.14, dnf 4.20, zypper 1.14, pip 24, npm 10, gem 3.5). */
const valuedOptions: Readonly<Record<string, readonly string[]>> = {
  "apt-get": [
    "-o",
    "--option",
    "-t",
    "--target-release",
    "--default-release",
    "-c",
    "--config-file",
    "-a",
    "--host-architecture",
    "-P",
    "--build-profiles",
  ],
  apt: [
    "-o",
    "--option",
    "-t",
    "--target-release",
    "--default-release",
    "-c",
    "--config-file",
    "-a",
    "--host-architecture",
  ],
  aptitude: ["-o", "-t", "--target-release", "-q"],
  apk: [
    "-t",
    "--virtual",
    "-X",
    "--repository",
    "-p",
    "--root",
    "--keys-dir",
    "--repositories-file",
    "--cache-dir",
    "--arch",
    "--wait",
  ],
  yum: ["-c", "--enablerepo", "--disablerepo", "--installroot", "--releasever", "-x", "--exclude"],
  dnf: [
    "-c",
    "--enablerepo",
    "--disablerepo",
    "--repo",
    "--installroot",
    "--releasever",
    "-x",
    "--exclude",
    "--setopt",
    "--forcearch",
  ],
  microdnf: ["-c", "--enablerepo", "--disablerepo", "--installroot", "--releasever", "--setopt"],
  zypper: ["-R", "--root", "-p", "--plus-repo", "-r", "--repo", "--from", "-t", "--type", "-c", "--config"],
  pip: [
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-e",
    "--editable",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-t",
    "--target",
    "--prefix",
    "--root",
    "--trusted-host",
    "--platform",
    "--python-version",
    "--progress-bar",
    "--src",
    "--config-settings",
    "-C",
    "--only-binary",
    "--no-binary",
    "--cache-dir",
    "--proxy",
    "--timeout",
    "--retries",
    "--log",
    "--cert",
    "--client-cert",
    "--upgrade-strategy",
    "--implementation",
    "--abi",
    "--global-option",
    "--report",
  ],
  npm: [
    "--prefix",
    "--registry",
    "-w",
    "--workspace",
    "--loglevel",
    "--omit",
    "--include",
    "--cache",
    "--userconfig",
    "--tag",
    "--otp",
  ],
  gem: [
    "-v",
    "--version",
    "-i",
    "--install-dir",
    "-n",
    "--bindir",
    "-s",
    "--source",
    "-P",
    "--trust-policy",
    "-p",
    "--http-proxy",
    "-B",
    "--backtrace",
    "--platform",
  ],
  useradd: [
    "-b",
    "--base-dir",
    "-c",
    "--comment",
    "-d",
    "--home-dir",
    "-e",
    "--expiredate",
    "-f",
    "--inactive",
    "-g",
    "--gid",
    "-G",
    "--groups",
    "-k",
    "--skel",
    "-K",
    "--key",
    "-p",
    "--password",
    "-s",
    "--shell",
    "-u",
    "--uid",
    "-Z",
    "--selinux-user",
    "-R",
    "--root",
    "-P",
    "--prefix",
  ],
};
