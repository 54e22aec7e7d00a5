import type { ArchiveMember, FactState, UnpackedFile } from "../../../../../facts/fact.ts";
import { placeArchive } from "../../../archivePlacement.ts";
import type { ContentOrigin } from "../../../imageFile.ts";
import { place } from "../../../tree/graft.ts";
import { find, type Machine } from "../../machine.ts";
import { failure, success, type Output, type Result } from "../../output.ts";
import type { NotFollowed } from "../program.ts";

/** An archive as a program finds it. */
export interface Archive {
  /** Its name in messages. */
  readonly name: string;
  readonly content: Output;
}

/** Reads what is in an archive, or the reason why that isn't known. */
export function readArchive({ facts }: Machine, { name, content }: Archive): UnpackedFile | NotFollowed {
  if (!content.origin) return { other: content.unknown };
  const fact = archiveFact(facts, content.origin);
  if (fact.state === "pending") return { other: `${name} is not read yet` };
  if (fact.state === "unavailable") return { other: fact.reason };
  return fact.value.problem === undefined ? fact.value : { other: fact.value.problem };
}

function archiveFact(facts: Machine["facts"], origin: ContentOrigin): FactState<UnpackedFile> {
  if ("url" in origin) return facts.get({ kind: "remoteArchive", url: origin.url });
  const fact = facts.get({ kind: "archives", paths: [origin.contextPath] });
  if (fact.state !== "known") return fact;
  return { state: "known", value: fact.value.files[0] ?? { path: origin.contextPath } };
}

/** Puts the files of an archive into a folder. Existing files are replaced; other names of theirs keep the content. */
export function unpackInto(machine: Machine, folder: string, members: readonly ArchiveMember[]): Result | NotFollowed {
  const found = find(machine, folder);
  if (found.state === "absent" || found.state === "nowhere") return failure;
  if (found.state === "found" && found.node.kind !== "directory") return failure;
  if (!found.path.startsWith("/")) return { other: found.state === "unknown" ? found.reason : undefined };
  place(machine.tree, placeArchive(members, found.path));
  return success;
}
