import type { RunCommand } from "../../semantics/files/runEffects.ts";
import { mountsOf } from "../../syntax/mounts.ts";
import type { OwnPip } from "./pipCommands.ts";
import type { ProgramRun } from "./program.ts";

/** The part of pip's files that other commands of a RUN, and its mounts, leave in the layer. */
export interface PipLeavings {
  readonly keepsCache: boolean;
  /** The reason why less than everything may be left. */
  readonly problem?: string;
}

export function leftByPip(run: ProgramRun, own: readonly OwnPip[]): PipLeavings {
  const last = Math.max(
    ...own.map(({ command, pip }) => (pip.does === "install" ? run.commands.indexOf(command) : -1)),
  );
  const later = run.commands.slice(last + 1);
  const mounted = mountsOf(run.instruction).flatMap(({ type, target }) =>
    type === "cache" || type === "tmpfs" ? (target?.value ?? []) : [],
  );
  const gone = [...later.flatMap(removedBy), ...mounted].map((path) => path.replace(/\/\*?$/, ""));
  const isPurged = own.some(({ command, pip }) => pip.does === "purgeCache" && run.commands.indexOf(command) > last);
  const odd = later.find(removesPackages);
  return {
    keepsCache:
      !isPurged && !gone.some((path) => /^\/root$|^~$|(?:^|\/)\.cache(?:\/pip(?:\/http[\w-]*)?)?$/.test(path)),
    ...(odd && { problem: `removes some of it again with \`${odd.program}\`` }),
  };
}

function removedBy({ program, words }: RunCommand): readonly string[] {
  return program === "rm" ? words.filter((word) => !word.startsWith("-")) : [];
}

/** True for a removal of byte code, tests and the like from the folders of packages. */
function removesPackages({ program, words }: RunCommand): boolean {
  if (program === "find") return words.some((word) => /^-(?:delete|exec|execdir)$/.test(word));
  if (program === "strip") return true;
  return program === "rm" && words.some((word) => /\/(?:site|dist)-packages\b|__pycache__|\.py[co]\b/.test(word));
}
