import type { Database } from "./database.ts";
import type { AccountKind } from "./numbers.ts";

/** The files of users and groups. */
export const databasePaths = {
  passwd: "/etc/passwd",
  shadow: "/etc/shadow",
  group: "/etc/group",
  gshadow: "/etc/gshadow",
  subuid: "/etc/subuid",
  subgid: "/etc/subgid",
} as const;

/** These files of an image, by name. */
export type Databases = Readonly<Record<keyof typeof databasePaths, Database>>;

/** Lines of such a file, each as its fields. */
export type Rows = readonly (readonly string[])[];

/** The kind of account that `-r` or `--system` decides. */
export function kindOf(flags: ReadonlySet<string>): AccountKind {
  return flags.has("r") ? "system" : "regular";
}

/** The line of a group without members. */
export function groupRow(name: string, number: number): readonly string[] {
  return [name, "x", String(number), ""];
}

/** The line of a user or group. */
export function rowNamed(rows: Rows, name: string): readonly string[] | undefined {
  return rows.find(([first]) => first === name);
}

/** The names in a list with commas. */
export function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(",").filter((name) => name !== "");
}

/** A group by its name or number. */
export function groupOf(groups: Rows, text: string): readonly string[] | undefined {
  return rowNamed(groups, text) ?? groups.find(([, , number]) => number === text);
}

/** Adds the user to the last field of some groups. */
export function withMember(rows: Rows, groups: ReadonlySet<string>, user: string): Rows {
  return rows.map((fields) => {
    const members = fields.at(-1) ?? "";
    if (!groups.has(fields[0] ?? "") || listOf(members).includes(user)) return fields;
    return [...fields.slice(0, -1), members === "" ? user : `${members},${user}`];
  });
}
