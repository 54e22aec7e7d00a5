import { complete } from "../../../dockerfile/assist/completion/complete.ts";
import type { CompletionList } from "../../../dockerfile/assist/completion/completion.ts";
import { completeIgnoreFile } from "../../../dockerfile/assist/completion/ignoreFile.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import type { IgnoreSnapshot } from "../documents/ignoreFileSnapshot.ts";

/** Completions at an offset of a Dockerfile. */
export function completion({ build, facts }: Snapshot, offset: number): CompletionList {
  return complete({ build, facts }, offset);
}

/** Completions at an offset of an ignore file. */
export function ignoreFileCompletion({ file, facts }: IgnoreSnapshot, offset: number): CompletionList {
  return completeIgnoreFile(file.text, facts, offset);
}
