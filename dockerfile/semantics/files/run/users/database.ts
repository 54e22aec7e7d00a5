import { put } from "../../tree/change.ts";
import type { FileNode } from "../../tree/tree.ts";
import { find, writeFile, type Machine } from "../machine.ts";
import { textOutput } from "../output.ts";
import type { Unfollowed } from "../programs/program.ts";
import { copyUp } from "../replaceFile.ts";

/** A file of users or groups, one a line, with fields separated by colons. */
export interface Database {
  readonly path: string;
  /** Undefined if the image doesn't have the file; programs then leave it out. */
  readonly text: string | undefined;
  /** Set if packages may have added lines. */
  readonly uncertainty?: Pick<FileNode, "unknown" | "mayHaveMore">;
}

/** The rows of a database, each as its fields. */
export function rowsOf({ text = "" }: Database): readonly (readonly string[])[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(":"));
}

/** Reads a file of the image; the reason why not, if its text isn't known. */
export function readDatabase(machine: Machine, path: string): Database | Unfollowed {
  const found = find(machine, path);
  if (found.state === "absent" || found.state === "nowhere") return { path, text: undefined };
  if (found.state === "unknown") return { unfollowed: found.reason };
  const file = found.node.kind === "file" ? found.node : undefined;
  if (file?.text === undefined || (file.unknown !== undefined && file.mayHaveMore === undefined))
    return { unfollowed: `what is in ${path} is not known` };
  const { text, unknown, mayHaveMore } = file;
  return {
    path,
    text,
    ...(unknown !== undefined && mayHaveMore !== undefined && { uncertainty: { unknown, mayHaveMore } }),
  };
}

/** Reads several files; the first reason why not. */
export function readDatabases<Name extends string>(
  machine: Machine,
  paths: Readonly<Record<Name, string>>,
): Readonly<Record<Name, Database>> | Unfollowed {
  const read: Partial<Record<Name, Database>> = {};
  for (const name of Object.keys(paths) as Name[]) {
    const database = readDatabase(machine, paths[name]);
    if ("unfollowed" in database) return database;
    read[name] = database;
  }
  return read as Record<Name, Database>;
}

/**
 * Writes a database as the programs of shadow do: the old one is kept under its name with a dash. If nothing changes,
 * the file was still opened for writing, which copies it to the layer.
 * @see https://github.com/shadow-maint/shadow/blob/4.13/lib/commonio.c
 */
export function writeDatabase(machine: Machine, database: Database, rows: readonly (readonly string[])[]): void {
  const { path, text } = database;
  if (text === undefined) return;
  const found = find(machine, path);
  const written = rows.map((fields) => `${fields.join(":")}\n`).join("");
  if (written === text) {
    if (found.state === "found" && found.node.kind === "file") copyUp(machine.tree, found.path, found.node);
    return;
  }
  writeText(machine, { ...database, path: `${path}-` }, text);
  writeText(machine, database, written);
}

function writeText(machine: Machine, { path, uncertainty }: Database, text: string): void {
  writeFile(machine, path, textOutput(text), "replaced");
  const found = find(machine, path);
  if (uncertainty && found.state === "found" && found.node.kind === "file")
    put(machine.tree, found.path, { ...found.node, ...uncertainty });
}

/** Creates the empty file with which the programs lock their databases. */
export function lockDatabases(machine: Machine): void {
  const found = find(machine, "/etc/.pwd.lock");
  if (found.state === "absent") put(machine.tree, found.path, { kind: "file", bytes: 0, layer: machine.tree.layer });
}
