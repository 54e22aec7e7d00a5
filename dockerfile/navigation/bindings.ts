import { isHuge } from "../assist/instructionAt.ts";
import type { BuildText } from "../semantics/build.ts";
import { usesWith } from "../syntax/stages.ts";
import type { Stage } from "../syntax/syntax.ts";
import type { Occurrence, Target } from "./occurrence.ts";
import { variableOccurrences } from "./variables.ts";

/** Every occurrence of stages and variables, in the file's order, each place once. */
export function occurrencesIn(build: BuildText): readonly Occurrence[] {
  const all = [...stageOccurrences(build), ...variableOccurrences(build)];
  const places = new Map(all.map((occurrence) => [`${occurrence.span.start}-${occurrence.span.end}`, occurrence]));
  return [...places.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

function stageOccurrences({ file, scopes }: BuildText): readonly Occurrence[] {
  const targets = file.stages.map((stage): Target => ({ kind: "stage", id: `stage ${stage.index}`, stage }));
  const occurrence = (stage: Stage, rest: Omit<Occurrence, "target">): readonly Occurrence[] => {
    const target = targets[stage.index];
    return target ? [{ ...rest, target }] : [];
  };
  const declarations = file.stages.flatMap((stage) =>
    stage.name ? occurrence(stage, { span: stage.name.span, role: "declaration" }) : [],
  );
  const uses = usesWith(file, scopes).flatMap(({ word, source, by, instruction }) => {
    if (source.kind !== "stage" || isHuge(instruction.span)) return [];
    const { stage } = source;
    const declaration = stage.name?.span ?? stage.from.keyword.span;
    const written = file.text.slice(word.span.start, word.span.end);
    const isNamed = written.toLowerCase() === stage.name?.value.toLowerCase();
    return occurrence(stage, {
      span: word.span,
      role: "use",
      declaration,
      ...(!isNamed && !/^[+-]?\d+$/.test(written) && { obstacle: `${written} does not name the stage plainly` }),
      ...(by === "from" && { isLowerCase: true }),
    });
  });
  return [...declarations, ...uses];
}
