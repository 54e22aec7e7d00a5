import { parseReference, type ImageReference } from "../../../oci/core/reference.ts";
import { newerTags, upgradeLevels } from "../../../oci/images/newerTags.ts";
import { lookUpTagsCommand, type LookUpTagsAnswer } from "../../protocol/protocol.ts";
import { lookUp } from "../pinLookup.ts";
import type { Session } from "../session.ts";
import type { ServerCommand } from "./command.ts";
import { whyNoNetwork } from "./pinChecks.ts";

/** Reads the tags of an image's repository, and what the newest of the same scheme are, for completions. */
export const lookUpTags: ServerCommand = {
  command: lookUpTagsCommand,
  run: (session, argument, signal) => runLookUp(session, argument, signal),
};

async function runLookUp(session: Session, argument: unknown, signal: AbortSignal): Promise<LookUpTagsAnswer> {
  const reference = typeof argument === "string" ? parseReference(argument) : undefined;
  const problem = !reference
    ? `${lookUpTagsCommand} takes an image reference`
    : reference.ok
      ? await readTags(session, reference.value, signal)
      : reference.error.message;
  if (problem !== undefined) session.warn(problem);
  return { isFound: problem === undefined };
}

/** Returns the reason why the tags couldn't be read. */
async function readTags(session: Session, reference: ImageReference, signal: AbortSignal): Promise<string | undefined> {
  const refusal = whyNoNetwork(session, await session.settings(""));
  if (refusal !== undefined) return refusal;
  const machine = await session.machine();
  const read = (shared: AbortSignal) => machine.resolver.tags(reference, shared);
  const list = await session.tagLists.load(reference, read, signal);
  if (!list.ok) return list.error.message;
  const images = worthReading(reference, list.value.names);
  const found = await Promise.all(
    images.map(async (image) => ({
      reference: image,
      ...(await lookUp({ reference: image }, "details", machine, signal)),
    })),
  );
  session.pinStates.learn(found);
  return undefined;
}

/** The image itself and the newest tag of each level: registries may count what is read of an image as a pull. */
function worthReading(reference: ImageReference, names: readonly string[]): readonly ImageReference[] {
  if (reference.tag === undefined || !names.includes(reference.tag)) return [];
  const newer = newerTags(reference, names);
  const newest = upgradeLevels.flatMap((level) => newer.find((one) => one.level === level) ?? []);
  return newest.length === 0 ? [] : [reference, ...newest.map(({ tag }) => ({ ...reference, tag }))];
}
