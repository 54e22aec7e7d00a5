import type { Dockerfile, Instruction, Span } from "../syntax/syntax.ts";

/** True if an offset is inside a span or at one of its ends: a cursor next to a word touches it. */
export function touches({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** True for an instruction too long to be handwritten, in which searching for words would be slow. */
export function isHuge({ start, end }: Span): boolean {
  return end - start > maxCharacters;
}

const maxCharacters = 200_000;

/** The instruction of the file that an offset touches. */
export function instructionAt({ instructions }: Dockerfile, offset: number): Instruction | undefined {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instructions[middle]?.span.end ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  const found = instructions[low];
  return found && touches(found.span, offset) ? found : undefined;
}

/** The instruction itself, or its trigger if the offset is at or after the trigger's keyword. */
export function innermostAt(instruction: Instruction, offset: number): Instruction {
  const { trigger } = instruction;
  return trigger && offset >= trigger.keyword.span.start ? innermostAt(trigger, offset) : instruction;
}
