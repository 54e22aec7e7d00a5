import { complete } from "../../../dockerfile/assist/completion/complete.ts";
import type { ServerCompletionList } from "../answers.ts";
import { tagCompletion } from "./tagCompletion.ts";
import type { CompletionList } from "../../../dockerfile/assist/completion/completion.ts";
import { completeIgnoreFile } from "../../../dockerfile/assist/completion/ignoreFile.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import type { IgnoreSnapshot } from "../documents/ignoreFileSnapshot.ts";

/** Completions at an offset of a Dockerfile. */
export function completion(snapshot: Snapshot, offset: number): ServerCompletionList {
  const { build, facts } = snapshot;
  const list = complete({ build, facts }, offset);
  const tags = tagCompletion(snapshot, offset);
  return {
    ...list,
    items: [...tags.items, ...list.items],
    isIncomplete: list.isIncomplete || tags.isIncomplete === true,
  };
}

/** Completions at an offset of an ignore file. */
export function ignoreFileCompletion({ file, facts }: IgnoreSnapshot, offset: number): CompletionList {
  return completeIgnoreFile(file.text, facts, offset);
}
