import type { OciError } from "../../../oci/core/error.ts";
import { adviceFor } from "./advice.ts";
import { l10n } from "./l10n.ts";

/** The engine in use, and the number of additional engines that respond. */
export type EngineInUse =
  | { readonly kind: "looking" | "untrusted" }
  | { readonly kind: "ready"; readonly label: string; readonly otherCount: number }
  | { readonly kind: "absent"; readonly error: OciError; readonly otherCount: number };

/** The status text of an engine: one line, and a second one below it. */
export function describeEngine(engine: EngineInUse): { readonly text: string; readonly detail: string } {
  switch (engine.kind) {
    case "looking":
      return { text: l10n.t("Connecting to a container engine"), detail: "" };
    case "untrusted":
      return { text: l10n.t("No container engine"), detail: l10n.t("not contacted in Restricted Mode") };
    case "ready":
      return { text: l10n.t("Engine: {0}", endOf(engine.label)), detail: others(engine.otherCount) };
    case "absent":
      return {
        text: adviceFor(engine.error).title,
        detail: [shortReason(engine.error), others(engine.otherCount)].filter((part) => part !== "").join(" · "),
      };
    default:
      return engine satisfies never;
  }
}

/** The part of a message that the title leaves out; the images view has all of it. */
function shortReason(error: OciError): string {
  switch (error.kind) {
    case "engineUnreachable":
      return error.tried.length > 1 ? l10n.t("Checked {0} sockets", error.tried.length) : endOf(error.endpoint);
    case "engineRefused":
      return l10n.t("the Images view shows how to get access");
    default:
      return error.message.length > maxLabel ? `${error.message.slice(0, maxLabel - 1)}…` : error.message;
  }
}

function others(count: number): string {
  return count === 0
    ? ""
    : count === 1
      ? l10n.t("1 more engine connected")
      : l10n.t("{0} more engines connected", count);
}

/** A longer text pushes "Choose…" out of the popup. The end of a label distinguishes sockets and names the origin. */
const maxLabel = 48;

function endOf(label: string): string {
  return label.length > maxLabel ? `…${label.slice(1 - maxLabel)}` : label;
}
