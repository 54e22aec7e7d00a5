import { ownEntry } from "./ownEntry.ts";

declare const digest: unique symbol;
declare const names: unique symbol;

/**
 * `algorithm:hex`, checked: sha256 with 64, sha384 with 96 or sha512 with 128 lower-case hex digits.
 * @see image-spec descriptor.md §Digests
 */
export type Digest = string & { readonly [digest]: true };

/** SHA-256 of an uncompressed layer tar; a config's `rootfs.diff_ids`. @see image-spec config.md §Layer DiffID */
export type DiffId = Digest & { readonly [names]?: "diffId" };
/** Identifies a stack of layers. @see image-spec config.md §Layer ChainID */
export type ChainId = Digest & { readonly [names]?: "chainId" };
/** SHA-256 of a layer blob as stored, usually compressed; a manifest's `layers[].digest`. */
export type LayerDigest = Digest & { readonly [names]?: "layer" };
export type ConfigDigest = Digest & { readonly [names]?: "config" };
export type ManifestDigest = Digest & { readonly [names]?: "manifest" };
export type IndexDigest = Digest & { readonly [names]?: "index" };

const hexDigits: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Parses a digest; undefined if the text isn't a digest with a registered algorithm. */
export function parseDigest(text: string): Digest | undefined {
  const colon = text.indexOf(":");
  const length = ownEntry(hexDigits, text.slice(0, colon));
  const hex = text.slice(colon + 1);
  return length === hex.length && /^[0-9a-f]+$/.test(hex) ? (text as Digest) : undefined;
}

/** The first 12 hex digits, as the Docker CLI shows an ID. */
export function shortDigest(text: string): string {
  return text.slice(text.indexOf(":") + 1).slice(0, 12);
}

/**
 * The ChainIDs of a stack of layers, base first. Each identifies the root file system up to its layer. `sha256Hex`
 * hashes UTF-8 text.
 * @see image-spec config.md §Layer ChainID
 */
export function chainIds(diffIds: readonly DiffId[], sha256Hex: (text: string) => string): readonly ChainId[] {
  const chain: ChainId[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? (diffId as Digest) : (`sha256:${sha256Hex(`${below} ${diffId}`)}` as Digest));
  }
  return chain;
}
