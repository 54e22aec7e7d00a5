import type { OciError } from "../../../oci/core/error.ts";
import { durationText } from "../../../oci/core/text.ts";

/** The advice for an error: one sentence about the failure, one about the fix, and the one action that helps. */
export interface Advice {
  readonly title: string;
  readonly detail: string;
  readonly action: { readonly label: string; readonly command: string };
}

export const tryAgain = { label: "Try Again", command: "imagewright.images.refresh" };
const chooseEngine = { label: "Switch Engine…", command: "imagewright.engine.choose" };
const manageTrust = { label: "Manage Workspace Trust", command: "workbench.trust.manage" };
const showOutput = { label: "Show Output", command: "imagewright.showOutput" };

/** Returns advice with one useful action. The words come from the error itself, which lists what was tried. */
export function adviceFor(error: OciError): Advice {
  switch (error.kind) {
    case "engineUnreachable":
      return { title: "No container engine is responding", detail: error.message, action: chooseEngine };
    case "engineRefused":
      return { title: `Permission denied: ${error.endpoint}`, detail: error.message, action: tryAgain };
    case "badAnswer":
      return { title: `Unexpected response from ${error.endpoint}`, detail: error.message, action: showOutput };
    case "unauthorized":
      return {
        title: `Not allowed: ${error.what}`,
        detail: `${error.message}; log in with docker login, then try again`,
        action: tryAgain,
      };
    case "notAsked":
      return { title: `Registry not contacted for ${error.what}`, detail: error.message, action: manageTrust };
    case "rateLimited":
      return {
        title: `${error.endpoint} is rate limiting; retry ${error.retryAfterMs === undefined ? "later" : `in ${durationText(error.retryAfterMs)}`}`,
        detail: error.message,
        action: tryAgain,
      };
    case "registryUnreachable":
      return { title: `No response from ${error.endpoint}`, detail: error.message, action: tryAgain };
    default:
      return {
        title: contentTitle(error),
        detail: error.message,
        action: error.kind === "notFound" ? tryAgain : showOutput,
      };
  }
}

type ContentError = Extract<OciError, { readonly what: string }>;

/** The title of an error about content rather than a source. */
function contentTitle({ kind, what }: Exclude<ContentError, { readonly kind: "unauthorized" | "notAsked" }>): string {
  switch (kind) {
    case "notFound":
      return `Not found: ${what}`;
    case "badArchive":
      return `Can't read ${what}`;
    case "digestMismatch":
      return `${what} is damaged`;
    case "badReference":
      return `${what} isn't a valid image reference`;
    case "conflict":
      return `${what} is in use`;
    case "notWritten":
      return `Can't write ${what}`;
    case "unsupported":
      return `${what} is not supported`;
    case "tooLarge":
      return `${what} is too large`;
    default:
      return kind satisfies never;
  }
}
