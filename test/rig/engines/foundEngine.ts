import { machineEnvironment } from "../../../oci/source/machine.ts";
import { findEndpoint } from "../../../oci/engine/endpoint/find.ts";
import { createEngineClient } from "../../../oci/engine/http/client.ts";
import { createNegotiation } from "../../../oci/engine/version.ts";

/** Describes in one line the engine that the extension will find on this machine, or that there isn't one. */
export async function describeFoundEngine(): Promise<string> {
  const signal = AbortSignal.timeout(10_000);
  const endpoint = await findEndpoint({ machine: machineEnvironment() }, signal);
  if (!endpoint.ok)
    return endpoint.error.kind === "engineUnreachable"
      ? `No Docker Engine at any of the ${endpoint.error.tried.length} usual places`
      : `No Docker Engine: ${endpoint.error.message}`;
  const answer = await createNegotiation(createEngineClient(endpoint.value.connection)).ping(signal);
  if (!answer.ok) return `No Docker Engine at ${endpoint.value.label}: ${answer.error.message}`;
  return `Docker Engine at ${endpoint.value.label}, API ${answer.value.apiVersion}`;
}
