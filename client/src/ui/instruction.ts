/** A history step as a Dockerfile would write it. */
export interface ReadableStep {
  /** `RUN`, `COPY`, …; absent where the text is no instruction. */
  readonly keyword?: string;
  /** What follows the keyword, on one line. */
  readonly text: string;
  /** Build arguments that a RUN saw, `NAME=value` joined by blanks. */
  readonly buildArgs?: string;
}

/**
 * Reads what builders record in `created_by` back into an instruction: the classic builder's and Buildah's
 * `/bin/sh -c #(nop) …`, BuildKit's `… # buildkit`, the `|N A=b …` prefix of a RUN with build arguments.
 * Text of other tools stays as it is. @see image-spec config.md §history
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

/** The command without the shell that ran it; before the shell may stand `|N` and N build arguments. */
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

/** The classic builder writes no keyword: only the shell tells that it was a RUN. */
function classicRun(text: string): ReadableStep {
  return text.includes(shell) ? run(text) : { text };
}

/** @see https://docs.docker.com/reference/dockerfile/#overview */
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

/** The arguments as a Dockerfile writes them; text that builders print in no known way stays as it is. */
function argumentsOf(keyword: string, text: string): string {
  if (keyword === "ADD" || keyword === "COPY") return withoutChecksum(text);
  if (keyword === "EXPOSE" && text.startsWith("map[")) return portsOf(text);
  return keyword === "CMD" || keyword === "ENTRYPOINT" || keyword === "SHELL" ? withCommas(text) : text;
}

/** The classic builder records sources as `file:<64 hex> in /dest`; only the destination says anything to a reader. */
function withoutChecksum(text: string): string {
  return text.replace(/\b(?:(?:file|dir|multi):[0-9a-f]{12,} )+in /, "");
}

/** `8080/tcp` of Go's `map[8080/tcp:{}]`, which BuildKit records for EXPOSE. */
function portsOf(text: string): string {
  const ports = [...text.matchAll(/([\w-]+\/\w+):\{\}/g)].map(([, port]) => port);
  return ports.length === 0 ? text : ports.join(" ");
}

/** The classic builder records the JSON form without commas: `["node" "dist/server.js"]`. */
function withCommas(text: string): string {
  return /^\["(?:[^"\\]|\\.)*"(?: "(?:[^"\\]|\\.)*")*\]$/.test(text) ? text.replace(quoted, "$1,") : text;
}

/** A string of the JSON form that another one follows. */
const quoted = /("(?:[^"\\]|\\.)*")(?= ")/g;
