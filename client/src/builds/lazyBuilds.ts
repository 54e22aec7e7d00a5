import { once } from "../async/once.ts";
import type { ImageSource } from "../sources/source.ts";
import type { BuildWatch } from "./buildWatch.ts";

export interface LazyBuilds {
  /** Looks at engines that were not looked at yet, so that it is known what their tags point to. */
  lookAtNew(): void;
  /** Looks at an engine's tags after they may have changed. */
  look(sourceId: string): void;
  dispose(): void;
}

interface Engines {
  readonly engines: readonly { readonly source?: ImageSource | undefined }[];
}

/** The watch over builds, which the first engine loads. */
export function createLazyBuilds(
  sources: Engines,
  onFailure: (error: unknown) => void,
  create: () => Promise<Pick<BuildWatch, "look" | "dispose">>,
): LazyBuilds {
  const load = once(create);
  const seen = new WeakSet<ImageSource>();
  let isLoaded = false;
  const look = (sourceId: string): void => {
    isLoaded = true;
    load().then((watch) => watch.look(sourceId), onFailure);
  };
  return {
    lookAtNew: () => {
      for (const { source } of sources.engines) {
        if (!source || seen.has(source)) continue;
        seen.add(source);
        look(source.id);
      }
    },
    look,
    dispose: () => {
      if (isLoaded) load().then((watch) => watch.dispose(), onFailure);
    },
  };
}
