import { linksOf, type Link } from "../../../dockerfile/navigation/links.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/** The texts of a Dockerfile that open pages and files. */
export function links({ build }: Snapshot): readonly Link[] {
  return linksOf(build);
}
