import { matchesGlob } from "./glob.ts";

/** A path pattern that dpkg excludes, or includes again, when it unpacks. @see dpkg(1), --path-exclude */
export interface PathRule {
  readonly kind: "exclude" | "include";
  readonly pattern: string;
}

/** The files of an image that contain rules; a path that ends with a slash means the folder's files. */
export const dpkgConfigFiles = ["/etc/dpkg/dpkg.cfg", "/etc/dpkg/dpkg.cfg.d/"] as const;

/** The rules of dpkg's configuration, by absolute path, in the order in which dpkg reads them. */
export function parsePathRules(files: ReadonlyMap<string, Uint8Array>): readonly PathRule[] {
  const decoder = new TextDecoder();
  return [...files]
    .filter(([path]) => /^\/etc\/dpkg\/dpkg\.cfg(?:\.d\/[\w-]+)?$/.test(path))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .flatMap(([, bytes]) => rulesOf(decoder.decode(bytes)));
}

/** `path-exclude /usr/share/doc/*` or `path-exclude=…`. @see dpkg.cfg(5) */
function rulesOf(text: string): readonly PathRule[] {
  return text.split(/\r?\n/).flatMap((line): PathRule[] => {
    const [, kind, pattern] = /^\s*path-(exclude|include)\s*[=\s]\s*(\S+)\s*$/.exec(line) ?? [];
    if (pattern === undefined) return [];
    return [{ kind: kind === "include" ? "include" : "exclude", pattern }];
  });
}

/** True if dpkg excludes a path; the last matching rule decides. */
export function isLeftOut(rules: readonly PathRule[], path: string): boolean {
  return rules.findLast(({ pattern }) => matchesGlob(path, pattern))?.kind === "exclude";
}

/** A name for the rules, so that sizes learned under different rules aren't mixed. "full" means without rules. */
export function profileOf(rules: readonly PathRule[]): string {
  return rules.length === 0 ? "full" : rules.map(({ kind, pattern }) => `${kind} ${pattern}`).join("\n");
}
