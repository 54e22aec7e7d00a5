import { newlineOf } from "../edit/edits.ts";
import { insertBeforeStart } from "../lint/fixes/insertBeforeStart.ts";
import type { Dockerfile } from "../syntax/syntax.ts";
import { finalStage } from "./additions.ts";
import type { Refactor } from "./refactoring.ts";

/** Adds labels that say which version and commit the image is, by build arguments. */
export const addVersionLabels: Refactor = (selected) => {
  const { file } = selected.build;
  const stage = finalStage(selected);
  const taken = namesIn(file);
  if (!stage || taken.some((name) => /^(?:VERSION|REVISION|org\.opencontainers\..*)$/.test(name))) return [];
  const lines = [
    "ARG VERSION",
    "ARG REVISION",
    'LABEL org.opencontainers.image.version="$VERSION" org.opencontainers.image.revision="$REVISION"',
  ];
  const change = insertBeforeStart(file, stage, lines.join(newlineOf(file)));
  return [{ title: "Label the image with its version and commit", kind: "rewrite", changes: [change] }];
};

/** The names of all ARGs, ENVs and labels. */
function namesIn({ instructions }: Dockerfile): readonly string[] {
  return instructions.flatMap(({ pairs }) => pairs.map(({ key }) => key.value));
}
