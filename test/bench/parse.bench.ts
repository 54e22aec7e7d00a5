import { parse } from "../../dockerfile/syntax/parse.ts";
import { measure } from "./figures.ts";

const samples: readonly (readonly [string, string])[] = [
  ["8,000 lines", fileOf(8_000)],
  ["1,000 lines", fileOf(1_000)],
  ["100 lines", fileOf(100)],
  ["5,000-line heredoc", `FROM debian:12\nRUN <<EOF\n${"echo a line of a script that goes on and on\n".repeat(5_000)}EOF\n`],
  ["10 MB on one line", `FROM debian:12\nRUN ${"x ".repeat(5_000_000)}\n`],
  ["10 MB of noise", noise(10_000_000)],
];

for (const [name, text] of samples) await measure(`parse ${name}`, text.length > 1_000_000 ? 3 : 40, () => void parse(text));

/** About the mix of a real file: RUN with continuations, COPY, ENV, stages now and then. */
function fileOf(lines: number): string {
  const output: string[] = [];
  for (let stage = 0; output.length < lines; stage++) {
    output.push(
      `FROM debian:12 AS stage${stage}`,
      "ARG VERSION=1.2.3",
      'ENV PATH="/opt/bin:${PATH}" NAME=value',
      "# what follows takes long",
      "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\",
      "    apt-get update && \\",
      "    apt-get install -y --no-install-recommends curl ca-certificates \\",
      "    && rm -rf /var/lib/apt/lists/*",
      "COPY --chown=1000:1000 src/app.js src/lib.js /srv/",
      'CMD ["node", "/srv/app.js"]',
    );
  }
  return output.slice(0, lines).join("\n");
}

/** Bytes that repeat from run to run. */
function noise(length: number): string {
  const characters: string[] = [];
  let state = 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    characters.push(String.fromCharCode(state >>> 24));
  }
  return characters.join("");
}
