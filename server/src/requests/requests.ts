import { codeActionsRequest } from "./codeActions.ts";
import { diagnosticsRequest } from "./diagnostics.ts";
import { executeCommandRequest } from "./executeCommand.ts";
import { inlayHintsRequest } from "./inlayHints.ts";
import type { AnyLspRequest } from "./request.ts";

/** Every request that is answered, beside those of the protocol's life cycle. */
export const requests: readonly AnyLspRequest[] = [
  diagnosticsRequest,
  inlayHintsRequest,
  codeActionsRequest,
  executeCommandRequest,
];
