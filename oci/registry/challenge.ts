/** The authorization that a registry requires. @see RFC 9110 §11.6.1, distribution docs/spec/auth/token.md */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A registry writes one or two challenges of a few hundred characters. */
const maxHeaderLength = 8192;

/**
 * Parses `WWW-Authenticate`, which may contain several challenges, also from several headers joined by commas. Skips
 * anything it can't parse.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  const text = header.slice(0, maxHeaderLength);
  const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  const part = new RegExp(
    `[\\s,]*(?:(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,]*))|(${token})(?=[\\s,]|$))`,
    "y",
  );
  for (let match = part.exec(text); match; match = part.exec(text)) {
    const [, name, quoted, plain, scheme] = match;
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    const current = challenges.at(-1);
    if (name !== undefined && current)
      current.parameters = {
        ...current.parameters,
        [name.toLowerCase()]: quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "",
      };
  }
  return challenges;
}
