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
  return { keyword: word, text: shortHashes(blank < 0 ? "" : text.slice(blank + 1).trim()) };
}

/** The classic builder writes sources as `file:<64 hex> in /dest`; twelve digits tell them apart. */
function shortHashes(text: string): string {
  return text.replace(/\b(file|dir|multi):([0-9a-f]{12})[0-9a-f]+/g, "$1:$2…");
}
