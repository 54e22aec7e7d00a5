import type { PlacedReference } from "../../dockerfile/references/findReferences.ts";
import { parsePlatform } from "../../oci/core/platform.ts";
import { thisMachine } from "../../oci/registry/registry.ts";
import { readDetails } from "../../references/imageDetails.ts";
import { lookUpPin } from "../../references/pinState.ts";
import { pinCommand, type PinArguments } from "../protocol/protocol.ts";
import type { ServerMachine } from "./machine.ts";
import type { KnownImage } from "./pinStates.ts";

/**
 * Looks up what registries say about a reference: its pin, and with "details" what the image is. Contacts the registry,
 * and reads manifests only after a move or for details, as some registries count that as a pull.
 */
export async function lookUp(
  { reference, platform }: Pick<PlacedReference, "reference" | "platform">,
  wanted: "pin" | "details",
  { resolver }: Pick<ServerMachine, "resolver">,
  signal: AbortSignal,
): Promise<Omit<KnownImage, "atMs">> {
  if (!reference) return {};
  const lookup = {
    resolver,
    images: resolver.images,
    platform: (platform === undefined ? undefined : parsePlatform(platform)) ?? thisMachine(),
  };
  const { digest } = reference;
  const pin = digest && (await lookUpPin({ ...reference, digest }, lookup, signal));
  // A digest that is gone has no details.
  const image =
    wanted === "details" && pin?.state !== "gone" ? await readDetails(reference, lookup, signal) : undefined;
  return { ...(pin && { pin }), ...(image?.ok && { image: image.value }) };
}

/** The address of the command that looks up the details of a reference. */
export function lookUpLink(uri: string, { span, written }: PlacedReference): string {
  const args: PinArguments = { uri, mode: "check", offset: span.start, reference: written, announces: true };
  return `command:${pinCommand}?${encodeURIComponent(JSON.stringify([args]))}`;
}
