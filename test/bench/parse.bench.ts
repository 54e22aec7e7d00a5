import { parse } from "../../dockerfile/syntax/parse.ts";
import { measure } from "./figures.ts";
import { fileOf } from "./dockerfiles/mixedFile.ts";

const samples: readonly (readonly [string, string])[] = [
  ["8,000 lines", fileOf(8_000)],
  ["1,000 lines", fileOf(1_000)],
  ["100 lines", fileOf(100)],
  [
    "5,000-line heredoc",
    `FROM debian:12\nRUN <<EOF\n${"echo a line of a script that goes on and on\n".repeat(5_000)}EOF\n`,
  ],
  ["10 MB on one line", `FROM debian:12\nRUN ${"x ".repeat(5_000_000)}\n`],
  ["10 MB of noise", noise(10_000_000)],
];

for (const [name, text] of samples)
  await measure(`parse ${name}`, text.length > 1_000_000 ? 3 : 40, () => void parse(text));

/** Pseudo-random bytes, the same in every run. */
function noise(length: number): string {
  const characters: string[] = [];
  let state = 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    characters.push(String.fromCharCode(state >>> 24));
  }
  return characters.join("");
}
