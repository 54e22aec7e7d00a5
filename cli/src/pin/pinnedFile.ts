import type { FileKind } from "../../../references/in/fileKind.ts";
import type { PinPlan } from "../../../references/plan.ts";
import type { InputFile } from "../dockerfiles.ts";

/** A file of a run and the edits planned for it. */
export type PinnedFile =
  | {
      readonly path: string;
      readonly kind: FileKind["name"];
      readonly input: InputFile;
      readonly plan: PinPlan;
      /** The reason why the planned edits weren't written. */
      readonly error?: string;
    }
  /** A file that couldn't be read or parsed. */
  | { readonly path: string; readonly error: string; readonly input?: undefined; readonly plan?: undefined };
