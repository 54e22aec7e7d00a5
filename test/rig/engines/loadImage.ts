import { askEngine } from "./engineApi.ts";

/** Loads the images of an archive into an engine, under the archive's tags, as `docker load` does. */
export async function loadImage(engine: { readonly socketPath: string }, archive: Uint8Array): Promise<void> {
  await askEngine(engine.socketPath, {
    method: "POST",
    path: "/images/load?quiet=1",
    body: archive,
    timeoutMs: 120_000,
  });
}
