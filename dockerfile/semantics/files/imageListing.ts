import type { FactKey } from "../../facts/fact.ts";
import type { Build } from "../build.ts";

export type ListingKey = Extract<FactKey, { readonly kind: "imageFiles" | "registryFiles" }>;

/** The fact with the files of an image: of the local one or, if it isn't there, of its registry's. */
export function imageFilesKey({ platform, facts }: Build, reference: string): ListingKey {
  const key = { kind: "imageFiles", reference, ...(platform !== undefined && { platform }) } as const;
  return facts.get(key).state === "unavailable" ? { ...key, kind: "registryFiles" } : key;
}
