import type { LayerEntry, OwnerColumns } from "../entry.ts";
import { makeFloat64, makeUint32, withRoom } from "./arrays.ts";
import type { TextPool } from "./textPool.ts";

type Owner = Pick<LayerEntry, "uid" | "gid" | "userName" | "groupName">;

/** Collects users and groups. */
export interface OwnerCollector {
  /** The number of an entry's owner. */
  of(owner: Owner): number;
  /** The UTF-16 length of all their distinct names. */
  nameLength(): number;
  finish(): OwnerColumns;
}

const maxKnown = 10_000; // A layer rarely has ten owners; beyond this limit, each entry gets its own.

export function createOwners(texts: TextPool): OwnerCollector {
  const known = new Map<string, number>();
  let [uids, gids] = [makeFloat64(16), makeFloat64(16)];
  let [userNames, groupNames] = [makeUint32(16), makeUint32(16)];
  let count = 0;
  let nameLength = 0;
  const nameNumber = (name: string): number => {
    const textsBefore = texts.count();
    const number = texts.intern(name);
    if (texts.count() > textsBefore) nameLength += name.length;
    return number;
  };
  let last: (Owner & { readonly number: number }) | undefined;
  const add = ({ uid, gid, userName = "", groupName = "" }: Owner): number => {
    const number = count++;
    uids = withRoom(uids, count, makeFloat64);
    gids = withRoom(gids, count, makeFloat64);
    userNames = withRoom(userNames, count, makeUint32);
    groupNames = withRoom(groupNames, count, makeUint32);
    uids[number] = uid;
    gids[number] = gid;
    userNames[number] = nameNumber(userName);
    groupNames[number] = nameNumber(groupName);
    return number;
  };
  const find = (owner: Owner): number => {
    const key = JSON.stringify([owner.uid, owner.gid, owner.userName, owner.groupName]);
    const number = known.get(key) ?? add(owner);
    if (known.size < maxKnown) known.set(key, number);
    return number;
  };
  return {
    of: (owner) => {
      if (!last || !isSame(last, owner)) last = { ...justOwner(owner), number: find(owner) };
      return last.number;
    },
    nameLength: () => nameLength,
    finish: () => ({
      uids: uids.slice(0, count),
      gids: gids.slice(0, count),
      userNames: userNames.slice(0, count),
      groupNames: groupNames.slice(0, count),
    }),
  };
}

/** Copies the owner, so that the entry around it isn't kept alive. */
function justOwner({ uid, gid, userName, groupName }: Owner): Owner {
  return { uid, gid, ...(userName !== undefined && { userName }), ...(groupName !== undefined && { groupName }) };
}

function isSame(a: Owner, b: Owner): boolean {
  return a.uid === b.uid && a.gid === b.gid && a.userName === b.userName && a.groupName === b.groupName;
}
