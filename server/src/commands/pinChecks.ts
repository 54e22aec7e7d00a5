import type { PlacedReference } from "../../../dockerfile/references/findReferences.ts";
import type { ServerSettings } from "../../protocol/settings.ts";
import type { PinArguments, PinOutcomeRow } from "../../protocol/protocol.ts";
import { lookUp } from "../pinLookup.ts";
import type { LearnedImage } from "../pinStates.ts";
import type { Session } from "../session.ts";

/** Keeps what a check found for hints and hovers; of a single image also what it is. */
export async function learnFrom(
  session: Session,
  checked: readonly PlacedReference[],
  { offset }: PinArguments,
  signal: AbortSignal,
): Promise<void> {
  if (checked.length === 0) return;
  const wants = offset === undefined ? "pin" : "details";
  const machine = await session.machine();
  const found = await Promise.all(
    checked.map(async (placed): Promise<readonly LearnedImage[]> => {
      const { reference } = placed;
      if (!reference || (wants === "pin" && !reference.digest)) return [];
      return [{ reference, ...(await lookUp(placed, wants, machine, signal)) }];
    }),
  );
  session.pinStates.learn(found.flat());
}

/** The result of checking one image, as a message. */
export function checkedText(outcomes: readonly PinOutcomeRow[]): string {
  const [only] = outcomes;
  return only ? `${only.reference}: ${only.message}. Hover over it to see what was found.` : "No image here";
}

/** Says why no registry may be contacted; undefined if one may. */
export function whyNoNetwork(
  { isTrusted }: Pick<Session, "isTrusted">,
  { isNetworkAllowed }: Pick<ServerSettings, "isNetworkAllowed">,
): string | undefined {
  if (!isTrusted) return "this workspace is not trusted, so no registry is contacted; trust it to pin images";
  return isNetworkAllowed
    ? undefined
    : "the setting imagewright.network is off, so no registry is contacted; turn it on to pin images";
}
