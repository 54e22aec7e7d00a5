import type { Dockerfile, SyntaxProblem } from "../syntax.ts";

export function checkFile(_file: Dockerfile): SyntaxProblem[] {
  return [];
}
