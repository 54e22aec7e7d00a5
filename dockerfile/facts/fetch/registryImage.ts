import { failure, type Result } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import { formatPlatform, normalisePlatform, parsePlatform } from "../../../oci/core/platform.ts";
import { parseReference } from "../../../oci/core/reference.ts";
import type { FactKey, FactState, RegistryImageFact } from "../fact.ts";
import type { FactMachine, RegistryOpener } from "../machine.ts";
import { unavailable } from "./unavailable.ts";

type Key = Extract<FactKey, { readonly kind: "registryImage" }>;

/**
 * Reads the size of an image in a registry from its manifest and a few bytes of each layer. Registries that the user
 * doesn't allow aren't contacted.
 */
export async function fetchRegistryImage(
  key: Key,
  registries: FactMachine["registries"],
  signal: AbortSignal,
): Promise<FactState<RegistryImageFact>> {
  if ("refusal" in registries) return unavailable(registries.refusal);
  const reference = parseReference(key.reference);
  if (!reference.ok) return unavailable(reference.error.message);
  const { registry } = reference.value;
  const whyNot = registries.whyNot(registry);
  if (whyNot !== undefined) return unavailable(whyNot);
  const image = await readImage(key, registries, signal);
  if (!image.ok) return unavailable(image.error.message);
  const downloadBytes = sumOf(image.value.layers.map(({ blobBytes }) => blobBytes));
  if (downloadBytes === undefined)
    return unavailable(`${registry} doesn't say how large the layers of ${key.reference} are`);
  const tars = await registries.source.tarBytes(image.value, signal);
  const tarBytes = tars.ok ? sumOf(tars.value) : undefined;
  return {
    state: "known",
    value: {
      registry,
      platform: formatPlatform(normalisePlatform(image.value.platform)),
      downloadBytes,
      ...(tarBytes !== undefined && { tarBytes }),
      env: image.value.config.env,
      workingDir: image.value.config.workingDir,
    },
  };
}

async function readImage(
  { reference, platform: text }: Key,
  { source }: RegistryOpener,
  signal: AbortSignal,
): Promise<Result<Image>> {
  const platform = text === undefined ? undefined : parsePlatform(text);
  if (text !== undefined && !platform)
    return failure({
      kind: "badReference",
      what: text,
      message: `"${text}" is not a platform; write os/architecture, e.g. linux/arm64`,
    });
  return source.image(reference, platform ? { platform } : {}, signal);
}

function sumOf(numbers: readonly (number | undefined)[]): number | undefined {
  return numbers.every((one) => one !== undefined) ? numbers.reduce((total, one) => total + one, 0) : undefined;
}
