import type { ArchiveMember } from "../../../../../facts/fact.ts";
import type { Machine } from "../../machine.ts";
import type { Result } from "../../output.ts";
import { contentOf, isMissing } from "../../redirect.ts";
import { makeFolder } from "../folders.ts";
import { readOptions } from "../options.ts";
import type { Call, NotFollowed, Program } from "../program.ts";
import { readArchive, unpackInto } from "./readArchive.ts";

/** `unzip` of a whole archive. */
export const unzipPrograms: readonly (readonly [string, Program])[] = [["unzip", unzip]];

function unzip(call: Call, machine: Machine): Result | NotFollowed {
  const options = readOptions(call.words, { flags: "qouj", valued: "d" });
  const [name, ...members] = options?.operands ?? [];
  if (!options || call.isPartial || name === undefined || members.length > 0) return { other: undefined };
  const zip = readZip(machine, isMissing(machine, name) ? `${name}.zip` : name);
  if ("other" in zip) return zip;
  const folder = options.values.get("d") ?? ".";
  makeFolder(machine, folder, "parents");
  return unpackInto(machine, folder, options.flags.has("j") ? withoutFolders(zip.members) : zip.members);
}

function readZip(machine: Machine, file: string): { readonly members: readonly ArchiveMember[] } | NotFollowed {
  const archive = readArchive(machine, { name: file, content: contentOf(machine, file) });
  if ("other" in archive) return archive;
  const { zip, path } = archive;
  if (!zip) return { other: `${path} is not a ZIP archive` };
  return "problem" in zip ? { other: zip.problem } : zip;
}

function withoutFolders(members: readonly ArchiveMember[]): readonly ArchiveMember[] {
  return members.flatMap((member) =>
    member.kind === "directory" ? [] : [{ ...member, path: member.path.slice(member.path.lastIndexOf("/") + 1) }],
  );
}
