import type { OciError } from "../../../oci/core/error.ts";
import { durationText } from "../../../oci/core/text.ts";
import { l10n } from "./l10n.ts";

/** The advice for an error: one sentence about the failure, one about the fix, and the one action that helps. */
export interface Advice {
  readonly title: string;
  readonly detail: string;
  readonly action: { readonly label: string; readonly command: string };
}

export const tryAgain = { label: l10n.t("Try Again"), command: "imagewright.images.refresh" };
const chooseEngine = { label: l10n.t("Switch Engine…"), command: "imagewright.engine.choose" };
const manageTrust = { label: l10n.t("Manage Workspace Trust"), command: "workbench.trust.manage" };
const showOutput = { label: l10n.t("Show Output"), command: "imagewright.showOutput" };

/** Returns advice with one useful action. The words come from the error itself, which lists what was tried. */
export function adviceFor(error: OciError): Advice {
  switch (error.kind) {
    case "engineUnreachable":
      return { title: l10n.t("No container engine is responding"), detail: error.message, action: chooseEngine };
    case "engineRefused":
      return { title: l10n.t("Permission denied: {0}", error.endpoint), detail: error.message, action: tryAgain };
    case "badAnswer":
      return {
        title: l10n.t("Unexpected response from {0}", error.endpoint),
        detail: error.message,
        action: showOutput,
      };
    case "unauthorized":
      return {
        title: l10n.t("Not allowed: {0}", error.what),
        detail: l10n.t("{0}; log in with docker login, then try again", error.message),
        action: tryAgain,
      };
    case "notAsked":
      return {
        title: l10n.t("Registry not contacted for {0}", error.what),
        detail: error.message,
        action: manageTrust,
      };
    case "rateLimited":
      return {
        title:
          error.retryAfterMs === undefined
            ? l10n.t("{0} is rate limiting; retry later", error.endpoint)
            : l10n.t("{0} is rate limiting; retry in {1}", error.endpoint, durationText(error.retryAfterMs)),
        detail: error.message,
        action: tryAgain,
      };
    case "registryUnreachable":
      return { title: l10n.t("No response from {0}", error.endpoint), detail: error.message, action: tryAgain };
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
      return l10n.t("Not found: {0}", what);
    case "badArchive":
      return l10n.t("Can't read {0}", what);
    case "digestMismatch":
      return l10n.t("{0} is damaged", what);
    case "badReference":
      return l10n.t("{0} isn't a valid image reference", what);
    case "conflict":
      return l10n.t("{0} is in use", what);
    case "notWritten":
      return l10n.t("Can't write {0}", what);
    case "unsupported":
      return l10n.t("{0} is not supported", what);
    case "tooLarge":
      return l10n.t("{0} is too large", what);
    default:
      return kind satisfies never;
  }
}
