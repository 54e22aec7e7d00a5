import { lookUp } from "../../tree/lookUp.ts";
import type { Machine } from "../machine.ts";
import { success, textOutput, unknownOutput } from "../output.ts";
import type { Call, Program } from "./program.ts";

/** Programs that print their arguments. */
export const textPrograms: readonly (readonly [string, Program])[] = [
  ["echo", echo],
  ["printf", printf],
];

/** The effect of a backslash and of `-e` depends on the shell. */
function echo({ words, unclear }: Call, machine: Machine) {
  const unknown = { ...success, output: unknownOutput };
  if (unclear !== undefined) return unknown;
  const endsLine = words[0] !== "-n";
  const text = words.slice(endsLine ? 0 : 1).join(" ") + (endsLine ? "\n" : "");
  if (/^-[neE]/.test(words[endsLine ? 0 : 1] ?? "")) return unknown;
  if (!text.includes("\\")) return { ...success, output: textOutput(text) };
  switch (shellName(machine)) {
    case "bash":
    case "busybox":
      return { ...success, output: textOutput(text) };
    case "dash": {
      const read = unescaped(text);
      return { ...success, output: read === undefined ? unknownOutput : textOutput(read) };
    }
    default:
      return unknown;
  }
}

/** The program that `sh` is, if the image's files show it. */
function shellName({ tree, shell }: Machine): string | undefined {
  if (shell.program !== undefined && shell.program !== "sh") return shell.program;
  const { path } = lookUp(tree, "/bin/sh");
  return path.slice(path.lastIndexOf("/") + 1);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["\\", "\\"],
  ["a", "\x07"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ['"', '"'],
]);

/** The text without escapes; undefined for escapes that shells read differently. */
function unescaped(text: string): string | undefined {
  let isKnown = true;
  const read = text.replace(/\\([^])?/g, (_, letter: string | undefined) => {
    const escape = escapes.get(letter ?? "");
    isKnown &&= escape !== undefined;
    return escape ?? "";
  });
  return isKnown ? read : undefined;
}

function printf({ words, unclear }: Call) {
  const [format = "", ...values] = words[0] === "--" ? words.slice(1) : words;
  const text = unclear === undefined ? formatted(format, values) : undefined;
  return { ...success, output: text === undefined ? unknownOutput : textOutput(text) };
}

/** The formatted text; undefined for anything but `%s`, `%d` and `%%`. */
function formatted(format: string, values: readonly string[]): string | undefined {
  const directives = format.match(/%(?:%|[^%a-zA-Z]*[a-zA-Z])/g) ?? [];
  const taking = directives.filter((directive) => directive !== "%%");
  const pieces = unescaped(format);
  if (pieces === undefined || taking.some((directive) => directive !== "%s" && directive !== "%d")) return undefined;
  const rounds = taking.length === 0 ? 1 : Math.max(1, Math.ceil(values.length / taking.length));
  const rest = [...values];
  let text = "";
  for (let round = 0; round < rounds; round++)
    text += pieces.replace(/%([sd%])/g, (_, letter: string) =>
      letter === "%" ? "%" : (rest.shift() ?? (letter === "d" ? "0" : "")),
    );
  return text;
}
