import { ownEntry } from "../../../oci/core/ownEntry.ts";

/** A way to write an instruction, with tab stops in snippet syntax. */
export interface InstructionSnippet {
  readonly label: string;
  readonly snippet: string;
}

const snippets: Readonly<Record<string, readonly (readonly [label: string, behind: string])[]>> = {
  ADD: [["ADD", "${1:source} ${2:destination}"]],
  ARG: [
    ["ARG", "${1:name}"],
    ["ARG name=default", "${1:name}=${2:default}"],
  ],
  CMD: [["CMD", '["${1:executable}"]']],
  COPY: [
    ["COPY", "${1:source} ${2:destination}"],
    ["COPY --from", "--from=${1:stage} ${2:source} ${3:destination}"],
  ],
  ENTRYPOINT: [["ENTRYPOINT", '["${1:executable}"]']],
  ENV: [["ENV", "${1:key}=${2:value}"]],
  EXPOSE: [["EXPOSE", "${1:port}"]],
  FROM: [
    ["FROM", "${1:image}"],
    ["FROM … AS", "${1:image} AS ${2:stage}"],
  ],
  HEALTHCHECK: [
    ["HEALTHCHECK CMD", "--interval=${1:30s} --timeout=${2:5s} CMD ${3:command}"],
    ["HEALTHCHECK NONE", "NONE"],
  ],
  LABEL: [["LABEL", '${1:key}="${2:value}"']],
  MAINTAINER: [["MAINTAINER", "${1:name}"]],
  ONBUILD: [["ONBUILD", "${1:INSTRUCTION}"]],
  RUN: [
    ["RUN", "${1:command}"],
    ["RUN --mount=type=cache", "--mount=type=cache,target=${1:/root/.cache} ${2:command}"],
  ],
  SHELL: [["SHELL", '["${1:/bin/bash}", "${2:-c}"]']],
  STOPSIGNAL: [["STOPSIGNAL", "${1:SIGTERM}"]],
  USER: [["USER", "${1:user}"]],
  VOLUME: [["VOLUME", '["${1:/data}"]']],
  WORKDIR: [["WORKDIR", "${1:/path}"]],
};

/** The ways to write an instruction, the plainest first; what follows the keyword is in `snippet`. */
export function instructionSnippets(keyword: string): readonly InstructionSnippet[] {
  return (ownEntry(snippets, keyword) ?? []).map(([label, snippet]) => ({ label, snippet }));
}
