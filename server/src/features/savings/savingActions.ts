import { formatBytes } from "../../../../oci/core/bytes.ts";
import { instructionAt } from "../../../../dockerfile/assist/instructionAt.ts";
import { appendCommand } from "../../../../dockerfile/edit/edits.ts";
import { sizeStages } from "../../../../dockerfile/size/run.ts";
import type { Span } from "../../../../dockerfile/syntax/syntax.ts";
import type { Action } from "../../answers.ts";
import type { Snapshot } from "../../documents/dockerfileSnapshot.ts";
import { detailsOf } from "./savedBytes.ts";

/** Commands that would make the layer of a RUN smaller at its end, as far as its size is known. */
export function savingActions({ build, settings }: Snapshot, range: Span): readonly Action[] {
  const instruction = instructionAt(build.file, range.start);
  if (!settings.showsSizeHints || instruction?.keyword.value !== "RUN") return [];
  const script = build.scripts().find((it) => it.instruction === instruction)?.script;
  const layers = sizeStages(build).flatMap((stage) => stage.layers);
  const size = layers.find(({ layer }) => layer.instruction === instruction);
  if (!script || !size) return [];
  return (detailsOf(size)?.savings ?? []).flatMap(({ command, bytes }) => {
    const changes = command === undefined ? undefined : appendCommand(build.file, instruction, script, command);
    if (command === undefined || !changes) return [];
    const title = `Run \`${command}\` at the end (saves ${formatBytes(bytes)})`;
    return [{ title, kind: "rewrite", isPreferred: false, effect: { changes } }];
  });
}
