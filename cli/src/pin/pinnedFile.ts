import type { FileKind } from "../../../references/in/fileKind.ts";
import type { PinPlan } from "../../../references/plan.ts";
import type { InputFile } from "../dockerfiles.ts";

/** A file of a run, and what was planned in it. */
export type PinnedFile =
  | {
      readonly path: string;
      readonly kind: FileKind["name"];
      readonly input: InputFile;
      readonly plan: PinPlan;
      /** Why the planned edits were not written. */
      readonly error?: string;
    }
  /** A file that could not be read or isn't understood. */
  | { readonly path: string; readonly error: string; readonly input?: undefined; readonly plan?: undefined };
