import type { Build } from "../../semantics/build.ts";
import { imageFilesKey } from "../../semantics/files/imageListing.ts";
import type { Stage } from "../../syntax/syntax.ts";

/** A user or a group of an image. */
export interface Account {
  readonly name: string;
  readonly id: number;
}

export interface Accounts {
  /** Those of people and programs first, then those of the system. */
  readonly users: readonly Account[];
  readonly groups: readonly Account[];
  /** True while they are being looked up. */
  readonly isPending: boolean;
}

const none: Accounts = { users: [], groups: [], isPending: false };

/** The users and groups of a stage's local base image; none of an image that the engine doesn't have. */
export function baseAccounts(build: Build, stage: Stage | undefined): Accounts {
  const base = build.baseImage(stage);
  // A list of names is not worth a download.
  if (!base || !build.baseImageFact(stage)) return none;
  const files = build.facts.get(imageFilesKey(build, base.text));
  if (files.state !== "known") return { ...none, isPending: files.state === "pending" };
  const { texts } = files.value;
  return {
    users: accountsIn(texts.get("/etc/passwd")),
    groups: accountsIn(texts.get("/etc/group")),
    isPending: false,
  };
}

// Distributions number the accounts of people from here, programs' images often as well.
const firstPersonId = 1000;
// An image with more is a directory service.
const maxAccounts = 500;

/** @see passwd(5), group(5) */
function accountsIn(text = ""): readonly Account[] {
  const found = [...text.matchAll(/^([^:\n]+):[^:\n]*:(\d{1,10}):/gm)].slice(0, maxAccounts);
  const accounts = found.map(([, name = "", id]) => ({ name, id: Number(id) }));
  return accounts.sort((a, b) => Number(b.id >= firstPersonId) - Number(a.id >= firstPersonId));
}
