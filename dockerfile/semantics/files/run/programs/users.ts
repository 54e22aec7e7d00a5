import { find, type Machine } from "../machine.ts";
import { failure, success, type Result } from "../output.ts";
import {
  databasePaths,
  groupOf,
  groupRow,
  kindOf,
  listOf,
  rowNamed,
  withMember,
  type Rows,
} from "../users/accounts.ts";
import { lockDatabases, readDatabases, rowsOf, writeDatabase, type Database } from "../users/database.ts";
import { createHome } from "../users/home.ts";
import { planUser, type NewUser } from "../users/newUser.ts";
import { freeNumber, numbersIn, rangeOf } from "../users/numbers.ts";
import { readSettings, type UserSettings } from "../users/settings.ts";
import { readOptions, type Options } from "./options.ts";
import type { Call, Program, Unfollowed } from "./program.ts";

/**
 * Programs of shadow that add users and groups.
 * @see useradd(8), groupadd(8), usermod(8)
 */
export const userPrograms: readonly (readonly [string, Program])[] = [
  ["useradd", addUser],
  ["groupadd", addGroup],
  ["usermod", changeUser],
];

/** Runs groupadd. */
export function addGroup({ words }: Pick<Call, "words">, machine: Machine): Result | Unfollowed {
  const options = readOptions(words, {
    flags: "rfo",
    valued: "g",
    long: { system: "r", force: "f", "non-unique": "o", gid: "g" },
  });
  const [name, ...more] = options?.operands ?? [];
  if (!options || name === undefined || more.length > 0)
    return { unfollowed: "an option of `groupadd` isn't followed" };
  const databases = readDatabases(machine, { group: databasePaths.group, gshadow: databasePaths.gshadow });
  const settings = readSettings(machine);
  if ("unfollowed" in databases) return databases;
  if ("unfollowed" in settings) return settings;
  lockDatabases(machine);
  if (rowNamed(rowsOf(databases.group), name)) return options.flags.has("f") ? success : failure;
  const number = groupNumber(databases.group, settings, options);
  if (number === undefined) return failure;
  writeDatabase(machine, databases.group, [...rowsOf(databases.group), groupRow(name, number)]);
  writeDatabase(machine, databases.gshadow, [...rowsOf(databases.gshadow), [name, "!", "", ""]]);
  return success;
}

function groupNumber(group: Database, settings: UserSettings, { values, flags }: Options): number | undefined {
  const given = values.get("g");
  const taken = numbersIn(group);
  if (given === undefined) return freeNumber(taken, rangeOf(settings, "GID", kindOf(flags)), kindOf(flags));
  const number = /^\d+$/.test(given) ? Number(given) : undefined;
  return number !== undefined && (flags.has("o") || !taken.has(number)) ? number : undefined;
}

const useraddOptions = {
  flags: "mMNrlUo",
  valued: "bcdgGkpsu",
  long: {
    "base-dir": "b",
    comment: "c",
    "home-dir": "d",
    gid: "g",
    groups: "G",
    skel: "k",
    "create-home": "m",
    "no-create-home": "M",
    "no-user-group": "N",
    "non-unique": "o",
    password: "p",
    system: "r",
    shell: "s",
    uid: "u",
    "user-group": "U",
    "no-log-init": "l",
  },
} as const;

/** Runs useradd. */
export function addUser({ words }: Pick<Call, "words">, machine: Machine): Result | Unfollowed {
  const options = readOptions(words, useraddOptions);
  const [name, ...more] = options?.operands ?? [];
  if (!options || name === undefined || more.length > 0) return { unfollowed: "an option of `useradd` isn't followed" };
  const settings = readSettings(machine);
  if ("unfollowed" in settings) return settings;
  const databases = readDatabases(machine, databasePaths);
  if ("unfollowed" in databases) return databases;
  lockDatabases(machine);
  const user = planUser({ name, options, settings, databases });
  if (!user) return failure;
  const problem = problemOf(machine, user);
  if (problem !== undefined) return { unfollowed: problem };
  writeUser(machine, user);
  return createsHome(user) ? createHome(machine, homeOf(user), skeletonOf(user)) : success;
}

/** The reason why more than the databases and the home may change. */
function problemOf(machine: Machine, { uid, options: { flags }, settings }: NewUser): string | undefined {
  if (settings.default("CREATE_MAIL_SPOOL") === "yes") return "`useradd` creates a mail spool";
  if (flags.has("l")) return undefined;
  for (const [path, recordBytes] of loginLogs) {
    const found = find(machine, path);
    if (found.state === "unknown") return found.reason;
    // A record is cleared if the file reaches as far.
    if (found.state === "found" && found.node.kind === "file" && found.node.bytes > uid * recordBytes)
      return `\`useradd\` clears a record of ${path}`;
  }
  return undefined;
}

/** The files with a record of each user, by number, and the size of a record on 64-bit machines. */
const loginLogs: readonly (readonly [string, number])[] = [
  ["/var/log/lastlog", 292],
  ["/var/log/faillog", 32],
];

function writeUser(machine: Machine, user: NewUser): void {
  const { name, databases, uid, gid, hasOwnGroup, options } = user;
  const { passwd, shadow, group, gshadow, subuid, subgid } = databases;
  const { values } = options;
  const comment = values.get("c") ?? "";
  const shell = values.get("s") ?? user.settings.default("SHELL") ?? "";
  const account = [name, "x", String(uid), String(gid), comment, homeOf(user), shell];
  writeDatabase(machine, passwd, [...rowsOf(passwd), account]);
  writeDatabase(machine, shadow, [...rowsOf(shadow), shadowRow(user)]);
  const members = new Set(listOf(values.get("G")).map((it) => groupOf(rowsOf(group), it)?.[0] ?? ""));
  const ownGroup = hasOwnGroup ? [groupRow(name, gid)] : [];
  const ownShadow = hasOwnGroup ? [[name, "!", "", ""]] : [];
  writeDatabase(machine, group, [...withMember(rowsOf(group), members, name), ...ownGroup]);
  writeDatabase(machine, gshadow, [...withMember(rowsOf(gshadow), members, name), ...ownShadow]);
  if (!hasSubordinates(user)) return;
  for (const database of [subuid, subgid])
    writeDatabase(machine, database, [...rowsOf(database), subordinateRow(user, database)]);
}

/** The row of passwords; a regular one ages as login.defs says. */
function shadowRow({ name, options: { values, flags }, settings: { loginDef } }: NewUser): readonly string[] {
  const age = (setting: string): string => (flags.has("r") ? "" : (loginDef(setting) ?? ""));
  const ages = [age("PASS_MIN_DAYS"), age("PASS_MAX_DAYS"), age("PASS_WARN_AGE")];
  return [name, values.get("p") ?? "!", today, ...ages, "", "", ""];
}

/** The day of the build since 1970, which has five digits until 2243. */
const today = "20000";

const subordinates = 65_536;

/** True for a regular user whose number, if given, is one of those for regular users. */
function hasSubordinates({ settings, uid, options: { flags, values } }: NewUser): boolean {
  const [first, last] = rangeOf(settings, "UID", "regular");
  if (flags.has("r") || settings.numberOf("SUB_UID_COUNT", subordinates) === 0) return false;
  return !values.has("u") || (uid >= first && uid <= last);
}

/** The next range of numbers for the user's own containers. */
function subordinateRow({ name, settings }: NewUser, database: Database): readonly string[] {
  const first = settings.numberOf("SUB_UID_MIN", 100_000);
  const next = Math.max(first, ...rowsOf(database).map(([, start, count]) => Number(start) + Number(count)));
  return [name, String(next), String(settings.numberOf("SUB_UID_COUNT", subordinates))];
}

function homeOf({ name, options: { values }, settings }: NewUser): string {
  return values.get("d") ?? `${values.get("b") ?? settings.default("HOME") ?? "/home"}/${name}`;
}

function skeletonOf({ options: { values }, settings }: NewUser): string {
  return values.get("k") ?? settings.default("SKEL") ?? "/etc/skel";
}

function createsHome({ options: { flags }, settings }: NewUser): boolean {
  if (flags.has("M")) return false;
  return flags.has("m") || (!flags.has("r") && settings.loginDef("CREATE_HOME") === "yes");
}

/** Changes a user's shell, comment or further groups. */
function changeUser({ words }: Call, machine: Machine): Result | Unfollowed {
  const options = readOptions(words, {
    flags: "a",
    valued: "Gsc",
    long: { append: "a", groups: "G", shell: "s", comment: "c" },
  });
  const [name, ...more] = options?.operands ?? [];
  if (!options || name === undefined || more.length > 0 || options.flags.has("a") !== options.values.has("G"))
    return { unfollowed: "an option of `usermod` isn't followed" };
  const settings = readSettings(machine);
  if ("unfollowed" in settings) return settings;
  const databases = readDatabases(machine, databasePaths);
  if ("unfollowed" in databases) return databases;
  const { passwd, shadow, group, gshadow } = databases;
  const given = listOf(options.values.get("G")).map((it) => groupOf(rowsOf(group), it)?.[0]);
  lockDatabases(machine);
  if (!rowNamed(rowsOf(passwd), name) || given.includes(undefined)) return failure;
  const groups = new Set(given.flatMap((it) => it ?? []));
  writeDatabase(machine, passwd, changedAccounts(rowsOf(passwd), name, options));
  writeDatabase(machine, shadow, rowsOf(shadow));
  if (groups.size === 0) return success;
  writeDatabase(machine, group, withMember(rowsOf(group), groups, name));
  writeDatabase(machine, gshadow, withMember(rowsOf(gshadow), groups, name));
  return success;
}

function changedAccounts(rows: Rows, name: string, { values }: Options): Rows {
  return rows.map((fields) => {
    if (fields[0] !== name) return fields;
    return fields.map((field, index) =>
      index === 4 ? (values.get("c") ?? field) : index === 6 ? (values.get("s") ?? field) : field,
    );
  });
}
