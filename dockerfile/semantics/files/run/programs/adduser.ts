import { put } from "../../tree/change.ts";
import { find, type Machine } from "../machine.ts";
import { failure, success, type Result } from "../output.ts";
import {
  databasePaths,
  groupOf,
  kindOf,
  listOf,
  rowNamed,
  withMember,
  type Databases,
  type Rows,
} from "../users/accounts.ts";
import { readDatabase, readDatabases, rowsOf, writeDatabase } from "../users/database.ts";
import { createHome } from "../users/home.ts";
import { numbersIn, type AccountKind } from "../users/numbers.ts";
import { readSettings } from "../users/settings.ts";
import { makeFolder } from "./folders.ts";
import { readOptions, type Options } from "./options.ts";
import type { Call, Program, Unfollowed } from "./program.ts";
import { addGroup as groupadd, addUser as useradd } from "./users.ts";

/**
 * Debian's own programs for users and groups, which run those of shadow.
 * @see adduser(8)
 */
export const adduserPrograms: readonly (readonly [string, Program])[] = [
  ["adduser", addUser],
  ["addgroup", addGroup],
];

/** Reads the databases; adduser is followed as it is in Debian 12, where it adds every user to the group "users". */
function readAll(machine: Machine): Databases | Unfollowed {
  const settings = readSettings(machine);
  if ("unfollowed" in settings) return settings;
  if (settings.codename !== "bookworm") return { unfollowed: "`adduser` is followed in Debian 12 only" };
  const lock = find(machine, "/run/adduser");
  if (lock.state === "absent") put(machine.tree, lock.path, { kind: "file", bytes: 0, layer: machine.tree.layer });
  return readDatabases(machine, databasePaths);
}

function addGroup({ words }: Call, machine: Machine): Result | Unfollowed {
  const options = readOptions(words, { flags: "rq", valued: "g", long: { system: "r", quiet: "q", gid: "g" } });
  const [name, ...more] = options?.operands ?? [];
  if (!options || name === undefined || more.length > 0)
    return { unfollowed: "an option of `addgroup` isn't followed" };
  const databases = readAll(machine);
  if ("unfollowed" in databases) return databases;
  const { group } = databases;
  if (rowNamed(rowsOf(group), name)) return options.flags.has("r") ? success : failure;
  const number = options.values.get("g") ?? firstFree([numbersIn(group)], kindOf(options.flags));
  return groupadd({ words: ["-g", String(number), name] }, machine);
}

/** The first free number of a kind, from the bottom. */
function firstFree(taken: readonly ReadonlySet<number>[], kind: AccountKind): number {
  let number = kind === "system" ? 100 : 1000;
  while (taken.some((numbers) => numbers.has(number))) number++;
  return number;
}

const adduserOptions = {
  flags: "rGpnq",
  valued: "cdsui",
  long: {
    system: "r",
    group: "G",
    "disabled-password": "p",
    "disabled-login": "n",
    "no-create-home": "N",
    quiet: "q",
    gecos: "c",
    comment: "c",
    home: "d",
    shell: "s",
    uid: "u",
    ingroup: "i",
  },
} as const;

function addUser({ words }: Call, machine: Machine): Result | Unfollowed {
  const options = readOptions(words, adduserOptions);
  const [name, groupName, ...more] = options?.operands ?? [];
  if (!options || name === undefined || more.length > 0) return { unfollowed: "an option of `adduser` isn't followed" };
  const databases = readAll(machine);
  if ("unfollowed" in databases) return databases;
  if (groupName !== undefined)
    return words.length === 2
      ? addMember(machine, databases, { name, groupName })
      : { unfollowed: "an option of `adduser` isn't followed" };
  if (asksOrDiffers(options, databases, name)) return { unfollowed: "what `adduser` does here isn't followed" };
  return options.flags.has("r")
    ? addSystem(machine, databases, { name, options })
    : addRegular(machine, databases, { name, options });
}

/** True if it asks for something, or finds accounts with which it does something else. */
function asksOrDiffers({ flags, values }: Options, { passwd, group }: Databases, name: string): boolean {
  const groups = rowsOf(group);
  const given = values.get("i");
  const addsGroup = given === undefined && (!flags.has("r") || flags.has("G"));
  const isMissing = given !== undefined && !rowNamed(groups, given);
  const isTaken = rowNamed(rowsOf(passwd), name) !== undefined || (addsGroup && rowNamed(groups, name) !== undefined);
  return isMissing || isTaken || !isComplete({ flags, values });
}

/** True if it has all that a user of its kind needs, so that nothing is asked. */
function isComplete({ flags, values }: Pick<Options, "flags" | "values">): boolean {
  const comment = values.get("c");
  if (flags.has("r")) return comment === undefined;
  const hasPassword = flags.has("p") || flags.has("n");
  return hasPassword && !flags.has("G") && comment !== undefined && !/[,:]/.test(comment);
}

interface NewAccount {
  readonly name: string;
  readonly options: Options;
}

function addSystem(machine: Machine, { passwd, group }: Databases, { name, options }: NewAccount): Result | Unfollowed {
  const { flags, values } = options;
  const uid = values.get("u") ?? String(firstFree([numbersIn(passwd)], "system"));
  const own = String(firstFree([numbersIn(group)], "system"));
  const gid = flags.has("G") ? own : (groupOf(rowsOf(group), values.get("i") ?? "nogroup")?.[2] ?? "65534");
  const home = values.get("d") ?? "/nonexistent";
  return inTurn([
    () => (flags.has("G") ? groupadd({ words: ["-g", gid, name] }, machine) : success),
    () => useradd({ words: ["-r", "-d", home, "-g", gid, "-s", values.get("s") ?? noLogin, "-u", uid, name] }, machine),
    () => {
      if (values.has("d") && !flags.has("N")) makeFolder(machine, home, "parents");
      return success;
    },
  ]);
}

const noLogin = "/usr/sbin/nologin";

function addRegular(
  machine: Machine,
  { passwd, group }: Databases,
  { name, options }: NewAccount,
): Result | Unfollowed {
  const { flags, values } = options;
  const given = values.get("i");
  const number = String(values.get("u") ?? firstFree([numbersIn(passwd), numbersIn(group)], "regular"));
  const gid = given === undefined ? number : (rowNamed(rowsOf(group), given)?.[2] ?? "");
  const home = values.get("d") ?? `/home/${name}`;
  const shell = values.get("s") ?? (flags.has("n") ? noLogin : "/bin/bash");
  return inTurn([
    () => (given === undefined ? groupadd({ words: ["-g", gid, name] }, machine) : success),
    () => useradd({ words: ["-d", home, "-g", gid, "-s", shell, "-u", number, name] }, machine),
    () => (flags.has("N") ? success : createHome(machine, home, "/etc/skel")),
    () => describe(machine, name, values.get("c") ?? ""),
    () => addMember(machine, undefined, { name, groupName: "users" }),
  ]);
}

/** Runs steps until one fails or isn't followed. */
function inTurn(steps: readonly (() => Result | Unfollowed)[]): Result | Unfollowed {
  for (const step of steps) {
    const result = step();
    if ("unfollowed" in result || result.status !== 0) return result;
  }
  return success;
}

/** Runs chfn, which sets the full name and leaves room for the rooms and phone numbers. */
function describe(machine: Machine, name: string, comment: string): Result | Unfollowed {
  const passwd = readDatabase(machine, databasePaths.passwd);
  if ("unfollowed" in passwd) return passwd;
  const rows: Rows = rowsOf(passwd).map((fields) =>
    fields[0] === name ? fields.map((field, index) => (index === 4 ? `${comment},,,` : field)) : fields,
  );
  writeDatabase(machine, passwd, rows);
  return success;
}

interface Membership {
  readonly name: string;
  readonly groupName: string;
}

/** Runs gpasswd, which adds a user to a group. Without `databases` they are read. */
function addMember(
  machine: Machine,
  databases: Databases | undefined,
  { name, groupName }: Membership,
): Result | Unfollowed {
  const read = databases ?? readDatabases(machine, databasePaths);
  if ("unfollowed" in read) return read;
  const row = rowNamed(rowsOf(read.group), groupName);
  if (!rowNamed(rowsOf(read.passwd), name) || !row) return failure;
  if (listOf(row.at(-1)).includes(name)) return success;
  for (const database of [read.group, read.gshadow])
    writeDatabase(machine, database, withMember(rowsOf(database), new Set([groupName]), name));
  return success;
}
