import type { Machine } from "../machine.ts";
import type { Unfollowed } from "../programs/program.ts";
import { readDatabase } from "./database.ts";

/** The settings of shadow in an image: `name value` in login.defs, `NAME=value` in the defaults of useradd. */
export interface UserSettings {
  /** Of the Debian release: "bookworm". */
  readonly codename: string;
  loginDef(name: string): string | undefined;
  /** The number of a setting, or its default. */
  numberOf(name: string, otherwise: number): number;
  default(name: string): string | undefined;
}

/** Reads the settings of an image; the reason why not, if they aren't known. */
export function readSettings(machine: Machine): UserSettings | Unfollowed {
  const release = readDatabase(machine, "/etc/os-release");
  if ("unfollowed" in release) return release;
  const named = settingsIn(release.text ?? "", /^([A-Z_]+)="?([^"]*)"?$/);
  const codename = named.get("VERSION_CODENAME") ?? "";
  if (named.get("ID") !== "debian" || !checked.has(codename))
    return { unfollowed: "programs that add users are followed in Debian 12 and 13 only" };
  const loginDefs = readDatabase(machine, "/etc/login.defs");
  if ("unfollowed" in loginDefs) return loginDefs;
  const defaults = readDatabase(machine, "/etc/default/useradd");
  if ("unfollowed" in defaults) return defaults;
  // Without them it is another program of that name.
  if (loginDefs.text === undefined) return { unfollowed: "the image has no /etc/login.defs" };
  const defs = settingsIn(loginDefs.text, /^\s*([A-Z_]+)\s+"?([^"\s]*)"?/);
  const given = settingsIn(defaults.text ?? "", /^\s*([A-Z_]+)=(.*?)\s*$/);
  return {
    codename,
    loginDef: (name) => defs.get(name),
    numberOf: (name, otherwise) => (/^\d+$/.test(defs.get(name) ?? "") ? Number(defs.get(name)) : otherwise),
    default: (name) => given.get(name),
  };
}

/** The releases of Debian with which the files were compared; in others these programs open other files. */
const checked: ReadonlySet<string> = new Set(["bookworm", "trixie"]);

function settingsIn(text: string, line: RegExp): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap((written): [string, string][] => {
      const [, name, value] = line.exec(written) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}
