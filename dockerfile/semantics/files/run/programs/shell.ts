import { parsePosix } from "../../../../shell/posix/parse.ts";
import { partsOf } from "../../tree/tree.ts";
import { absoluteIn, find, takeNotes, type Machine } from "../machine.ts";
import { failure, success, type Status } from "../output.ts";
import { variableOf } from "../expand.ts";
import type { Call, Program } from "./program.ts";

/** Builtins that change the shell. @see POSIX XCU 2.15 */
export const shellPrograms: readonly (readonly [string, Program])[] = [
  ["true", () => success],
  [":", () => success],
  ["false", () => failure],
  ["umask", () => success],
  ["sleep", () => success],
  ["sync", () => success],
  ["hash", () => success],
  ["cd", changeFolder],
  ["set", setOptions],
  ["shopt", () => success],
  ["export", exportVariables],
  ["readonly", exportVariables],
  ["local", exportVariables],
  ["unset", unsetVariables],
  ["exit", exit],
  ["sh", runScript],
  ["bash", runScript],
  ["dash", runScript],
  ["ash", runScript],
];

function changeFolder({ words }: Call, machine: Machine) {
  const path = words.find((word) => !/^-[LPe]+$/.test(word)) ?? variableOf(machine, "HOME");
  if (path === undefined || path === "-") return { unfollowed: "the folder that `cd` goes to isn't known" };
  const absolute = absoluteIn(machine, path);
  if (absolute === undefined) return { unfollowed: "the working folder isn't known" };
  // `..` removes a part of the path's text, without following a link first.
  const found = find(machine, `/${partsOf(absolute).join("/")}`);
  if (found.state !== "unknown" && (found.state !== "found" || found.node.kind !== "directory")) return failure;
  machine.shell.folder = found.path;
  return success;
}

function setOptions({ words }: Call, machine: Machine) {
  for (const [index, word] of words.entries()) {
    const letters = /^([-+])[a-z]*e/.exec(word)?.[1];
    const named = word === "errexit" ? words[index - 1]?.[0] : undefined;
    if (letters ?? named) machine.shell.endsOnError = (letters ?? named) === "-";
  }
  return success;
}

function exportVariables({ words, unclear }: Call, { shell }: Machine) {
  for (const word of words) {
    const [, name, value] = /^(\w+)(?:=([^]*))?$/.exec(word) ?? [];
    if (name === undefined) continue;
    if (value !== undefined) shell.variables.set(name, word === unclear ? undefined : value);
    const known = shell.variables.get(name);
    if (known !== undefined) shell.exported.set(name, known);
  }
  return success;
}

function unsetVariables({ words }: Call, { shell }: Machine) {
  for (const word of words) {
    shell.variables.set(word, "");
    shell.exported.delete(word);
  }
  return success;
}

function exit({ words, unclear }: Call, { shell }: Machine) {
  const [code = "0"] = words;
  const status: Status = unclear === undefined && /^\d+$/.test(code) ? Number(code) : "unknown";
  shell.ended = status;
  return { ...success, status };
}

/** Runs `sh -c "…"`: a script in a script. */
function runScript({ program, words, input }: Call, machine: Machine) {
  const at = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  const text = at < 0 ? (words.every((word) => word.startsWith("-")) ? input.text : undefined) : words[at + 1];
  if (text === undefined || (at >= 0 && words.length > at + 2))
    return { unfollowed: `it runs \`${program}\` on a script that isn't read` };
  const script = parsePosix(text);
  if (script.kind === "unreadable") return { unfollowed: script.problem };
  const variables = new Map<string, string | undefined>(machine.shell.exported);
  const shell = { ...machine.shell, variables, exported: new Map(machine.shell.exported) };
  shell.endsOnError = words.slice(0, at < 0 ? undefined : at + 1).some((word) => /^-[a-z]*e/.test(word));
  const inner: Machine = { ...machine, shell };
  const result = machine.execute(script, inner, input);
  takeNotes(machine, inner);
  return result;
}
