/** A history step as a Dockerfile would write it. */
export interface ReadableStep {
  /** `RUN`, `COPY`, …; absent if the text isn't an instruction. */
  readonly keyword?: string;
  /** The text after the keyword, on one line. */
  readonly text: string;
  /** Build arguments that were set for a RUN, `NAME=value` separated by blanks. */
  readonly buildArgs?: string;
}

/**
 * Converts a builder's `created_by` back to an instruction: `/bin/sh -c #(nop) …` of the classic builder and Buildah,
 * BuildKit's `… # buildkit`, and the `|N A=b …` prefix of a RUN with build arguments. Text of other tools is kept.
 * @see image-spec config.md §history
 */
export function readableStep(createdBy: string): ReadableStep {
  const text = createdBy
    .replace(/\s+/g, " ")
    .trim()
    .replace(/ # buildkit$/, "");
  const noOperation = /^(?:\/bin\/sh -c|cmd \/S \/C|powershell .*?) ?#\(nop\) ?(.*)$/.exec(text)?.[1];
  if (noOperation !== undefined) return instruction(noOperation.trim());
  if (text.startsWith("RUN ")) return run(text.slice("RUN ".length));
  return text.startsWith(shell) || /^\|\d+ /.test(text) ? classicRun(text) : instruction(text);
}

const shell = "/bin/sh -c ";

/** The command without its shell, which may be preceded by `|N` and N build arguments. */
function run(text: string): ReadableStep {
  const argumentCount = /^\|\d+ /.exec(text)?.[0];
  const shellStart = text.indexOf(shell);
  if (argumentCount !== undefined && shellStart > 0) {
    return {
      keyword: "RUN",
      text: text.slice(shellStart + shell.length),
      buildArgs: text.slice(argumentCount.length, shellStart).trim(),
    };
  }
  return { keyword: "RUN", text: shellStart === 0 ? text.slice(shell.length) : text };
}

/** A RUN of the classic builder, which writes no keyword: only the shell identifies it. */
function classicRun(text: string): ReadableStep {
  return text.includes(shell) ? run(text) : { text };
}

/** The keywords of instructions. @see https://docs.docker.com/reference/dockerfile/#overview */
const keywords = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(
    " ",
  ),
);

function instruction(text: string): ReadableStep {
  const blank = text.indexOf(" ");
  const word = blank < 0 ? text : text.slice(0, blank);
  if (!keywords.has(word)) return { text };
  return { keyword: word, text: argumentsOf(word, blank < 0 ? "" : text.slice(blank + 1).trim()) };
}

/** The arguments as written in a Dockerfile; text in an unknown form is kept. */
function argumentsOf(keyword: string, text: string): string {
  if (keyword === "ADD" || keyword === "COPY") return withoutChecksum(text);
  if (keyword === "EXPOSE" && text.startsWith("map[")) return portsOf(text);
  return keyword === "CMD" || keyword === "ENTRYPOINT" || keyword === "SHELL" ? withCommas(text) : text;
}

/**
 * Removes the checksum: the classic builder records sources as `file:<64 hex> in /dest`, of which only the destination
 * is useful.
 */
function withoutChecksum(text: string): string {
  return text.replace(/\b(?:(?:file|dir|multi):[0-9a-f]{12,} )+in /, "");
}

/** `8080/tcp` from Go's `map[8080/tcp:{}]`, which BuildKit records for EXPOSE. */
function portsOf(text: string): string {
  const ports = [...text.matchAll(/([\w-]+\/\w+):\{\}/g)].map(([, port]) => port);
  return ports.length === 0 ? text : ports.join(" ");
}

/** Adds commas to the JSON form, which the classic builder records without: `["node" "dist/server.js"]`. */
function withCommas(text: string): string {
  return /^\["(?:[^"\\]|\\.)*"(?: "(?:[^"\\]|\\.)*")*\]$/.test(text) ? text.replace(quoted, "$1,") : text;
}

/** A JSON string followed by another one. */
const quoted = /("(?:[^"\\]|\\.)*")(?= ")/g;
