import type { Options } from "../programs/options.ts";
import { groupOf, kindOf, listOf, rowNamed, type Databases } from "./accounts.ts";
import { rowsOf } from "./database.ts";
import { freeNumber, numbersIn, rangeOf, type AccountKind } from "./numbers.ts";
import type { UserSettings } from "./settings.ts";

/** The arguments of useradd, and what it reads. */
export interface UserRequest {
  readonly name: string;
  readonly options: Options;
  readonly settings: UserSettings;
  readonly databases: Databases;
}

/** A user that is to be added. */
export interface NewUser extends UserRequest {
  readonly uid: number;
  readonly gid: number;
  /** True if a group of the same name is added. */
  readonly hasOwnGroup: boolean;
}

/** Finds the numbers of a new user; undefined if useradd fails. */
export function planUser(request: UserRequest): NewUser | undefined {
  const { name, options, databases } = request;
  const groups = rowsOf(databases.group);
  if (rowNamed(rowsOf(databases.passwd), name)) return undefined;
  if (!listOf(options.values.get("G")).every((group) => groupOf(groups, group))) return undefined;
  const uid = userNumber(request);
  if (uid === undefined) return undefined;
  const hasOwnGroup = wantsOwnGroup(request);
  if (hasOwnGroup && rowNamed(groups, name)) return undefined;
  const gid = hasOwnGroup ? ownGroupNumber(uid, request) : givenGroupNumber(request);
  return gid === undefined ? undefined : { ...request, uid, gid, hasOwnGroup };
}

function userNumber({ options: { flags, values }, settings, databases }: UserRequest): number | undefined {
  const given = values.get("u");
  const taken = numbersIn(databases.passwd);
  const kind = kindOf(flags);
  if (given === undefined) return freeNumber(taken, rangeOf(settings, "UID", kind), kind);
  const number = /^\d{1,10}$/.test(given) ? Number(given) : undefined;
  return number !== undefined && taken.has(number) && !flags.has("o") ? undefined : number;
}

function wantsOwnGroup({ options: { flags, values }, settings }: UserRequest): boolean {
  if (values.has("g") || flags.has("N")) return false;
  return flags.has("U") || settings.loginDef("USERGROUPS_ENAB") === "yes";
}

function givenGroupNumber({ options: { values }, settings, databases: { group } }: UserRequest): number | undefined {
  const found = groupOf(rowsOf(group), values.get("g") ?? settings.default("GROUP") ?? usersGroup);
  return found && Number(found[2]);
}

/** The group of users without one of their own, where the defaults don't name another. */
const usersGroup = "100";

/** A user's own group has the user's number if that is free and in the range of groups. */
function ownGroupNumber(uid: number, { options, settings, databases: { group } }: UserRequest): number | undefined {
  const kind: AccountKind = kindOf(options.flags);
  const range = rangeOf(settings, "GID", kind);
  const taken = numbersIn(group);
  return uid >= range[0] && uid <= range[1] && !taken.has(uid) ? uid : freeNumber(taken, range, kind);
}
