import type { ShellCommand } from "../../shell/shell.ts";

/** A package manager of a system, as far as other lines may change what it does. */
export interface PackageManager {
  readonly name: string;
  /** Programs whose effect its estimator determines. */
  readonly programs: ReadonlySet<string>;
  /** Matches paths that determine what it does. */
  readonly decisive: RegExp;
  /** Matches paths whose removal doesn't matter, as it fetches them again. */
  readonly fetched: RegExp;
  /** True for a change of its sources that its estimator follows. */
  readonly follows?: (command: Pick<ShellCommand, "name" | "arguments" | "redirections">) => boolean;
}

export const apt: PackageManager = {
  name: "apt",
  programs: new Set([
    ...["apt", "apt-cache", "apt-config", "apt-get", "apt-mark", "aptitude"],
    ...["dpkg", "dpkg-query", "gdebi", "add-apt-repository"],
  ]),
  // Repository keys only let apt continue.
  decisive: /^\/(?:etc\/(?:apt|dpkg)|var\/lib\/(?:apt|dpkg))(?:\/(?!keyrings|trusted\.gpg)|$)/,
  fetched: /^\/var\/lib\/apt(?:\/lists|\/periodic|\/mirrors)?(?:\/|$)/,
};

export const apk: PackageManager = {
  name: "apk",
  programs: new Set(["apk"]),
  decisive: /^\/(?:etc|(?:usr\/)?lib|var\/cache)\/apk(?:\/(?!keys)|$)/,
  fetched: /^\/var\/cache\/apk(?:\/|$)/,
  follows: (command) => apkRepositoryLine(command) !== undefined,
};

/** The line that `echo ADDRESS >> /etc/apk/repositories` adds; undefined for any other command. */
export function apkRepositoryLine({
  name,
  arguments: words,
  redirections: [redirection, ...others],
}: Pick<ShellCommand, "name" | "arguments" | "redirections">): string | undefined {
  const isAdded = redirection?.operator === ">>" && redirection.target?.value === "/etc/apk/repositories";
  const isPlain = words.every(({ value, isLiteral }) => isLiteral && !/^-|\\/.test(value));
  return name === "echo" && isAdded && isPlain && others.length === 0
    ? words.map(({ value }) => value).join(" ")
    : undefined;
}

/** Programs of all of them: they may replace and remove any file of a package. */
export const managerPrograms: ReadonlySet<string> = new Set([...apt.programs, ...apk.programs]);
