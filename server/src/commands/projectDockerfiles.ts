import { projectDockerfiles } from "../../../dockerfile/refactor/projectTemplates.ts";
import { isInside } from "../../../dockerfile/facts/candidateRoots.ts";
import { projectCommand, type ProjectAnswer } from "../../protocol/protocol.ts";
import { filePath, type Session } from "../session.ts";
import type { ServerCommand } from "./command.ts";

/** Writes Dockerfiles for the project in a folder of the workspace. */
export const writeProjectDockerfiles: ServerCommand = {
  command: projectCommand,
  run: (session, argument) => write(session, argument),
};

async function write(session: Session, argument: unknown): Promise<ProjectAnswer> {
  const uri = typeof argument === "object" && argument !== null && "folder" in argument ? argument.folder : undefined;
  const folder = typeof uri === "string" ? filePath(uri) : undefined;
  if (folder === undefined || !session.folders.some((root) => isInside(root, folder)))
    return { refusal: `${projectCommand} takes { folder }, the URI of a folder of the workspace`, dockerfiles: [] };
  const facts = await session.contextFacts(folder);
  const files = facts.get({ kind: "contextFiles" });
  if (files.state !== "known") {
    const reason = files.state === "unavailable" ? files.reason : "it has too many files to list them in time";
    return { refusal: `The folder ${folder} could not be read: ${reason}`, dockerfiles: [] };
  }
  return { dockerfiles: projectDockerfiles(facts) };
}
