import { fieldsOf, isYes, stanzasIn, wordsOf } from "../../../../oci/packages/deb822.ts";

/** One suite of one repository that apt fetches binary packages from. */
export interface AptSource {
  /** Without a trailing slash. */
  readonly uri: string;
  /** "bookworm"; ends with a slash if the repository is flat. */
  readonly suite: string;
  /** Empty if the repository is flat. */
  readonly components: readonly string[];
  /** Architectures that it is limited to; empty for none. */
  readonly architectures: readonly string[];
}

/**
 * The sources in apt's files, by path: `.sources` files are deb822, all others have one source per line. Without
 * duplicates.
 */
export function parseSources(files: ReadonlyMap<string, string>): readonly AptSource[] {
  const sources = [...files].flatMap(([path, text]) =>
    path.endsWith(".sources") ? parseDeb822Sources(text) : parseSourcesList(text),
  );
  const seen = new Set<string>();
  return sources.filter((source) => {
    const key = JSON.stringify(source);
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Parses `deb [arch=amd64 signed-by=…] URI SUITE COMPONENT…` lines. @see sources.list(5) */
export function parseSourcesList(text: string): readonly AptSource[] {
  return text.split(/\r?\n/).flatMap((written): AptSource[] => {
    const line = written.replace(/#.*/, "").trim();
    const [, options = "", uri, suite, rest = ""] =
      /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)(?:\s+(.*))?$/.exec(line) ?? [];
    if (uri === undefined || suite === undefined) return [];
    const architectures = /(?:^|\s)arch=(\S+)/.exec(options)?.[1]?.split(",") ?? [];
    return [{ uri: withoutSlash(uri), suite, components: wordsOf(rest), architectures }];
  });
}

/** Parses the deb822 style: each pair of a URI and a suite is a source. @see sources.list(5) */
export function parseDeb822Sources(text: string): readonly AptSource[] {
  return [...stanzasIn(text)].flatMap((stanza): AptSource[] => {
    const fields = fieldsOf(stanza);
    const isEnabled = !fields.has("enabled") || isYes(fields.get("enabled"));
    if (!isEnabled || !wordsOf(fields.get("types")).includes("deb")) return [];
    return wordsOf(fields.get("uris")).flatMap((uri) =>
      wordsOf(fields.get("suites")).map((suite) => ({
        uri: withoutSlash(uri),
        suite,
        components: wordsOf(fields.get("components")),
        architectures: wordsOf(fields.get("architectures")),
      })),
    );
  });
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, "");
}
