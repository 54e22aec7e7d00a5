import { createHash } from "node:crypto";
import type { Image } from "../../../oci/core/image.ts";
import { formatPackageSizes, parsePackageSizes, type PackageSize } from "../../../oci/packages/packageSizes.ts";
import type { PackageSizes } from "../../../oci/packages/packageSizes.ts";
import { parsePlatform } from "../../../oci/core/platform.ts";
import type { ImageReader, PackageSizesReader } from "../../../oci/source/source.ts";
import type { BuiltImage, FactKey, FactState } from "../fact.ts";
import type { EngineOpener } from "../machine.ts";
import type { TextCache } from "./apt/cache.ts";
import { layersKey } from "./layersKey.ts";

/** Sizes of packages as measured in images, by profile, name, version and architecture. */
export interface LearnedPackages {
  /** Changes with the sizes. */
  readonly id: string;
  find(it: PackageOf, profile: string): PackageSize | undefined;
}

type PackageOf = Pick<PackageSize, "name" | "version" | "architecture">;

/** The key of the learned sizes that are kept between runs. */
const listKey = "images that taught sizes of packages";

/** Each takes about 10 kB; the least recently used goes first. */
const maxTeachers = 200;

/** Newest first. An engine sends each completely, once. */
const maxReadAtOnce = 4;
const maxImageBytes = 1024 ** 3;

type LearnedKey = Extract<FactKey, { readonly kind: "learnedPackages" }>;
type Engine = ImageReader & Partial<PackageSizesReader>;

/** Measures the packages of local images that were built on an image with apt, and adds earlier results. */
export async function fetchLearnedPackages(
  key: LearnedKey,
  { open, builtImages }: EngineOpener,
  cache: TextCache,
  signal: AbortSignal,
): Promise<FactState<LearnedPackages>> {
  const opened = await open(signal);
  if (opened.ok) {
    const images = await builtImages.fetch(opened.value, signal);
    const base = await readBase(opened.value, key, signal);
    if (images.state === "known" && base) await learn(opened.value, builtOn(base, images.value.images), cache, signal);
  }
  return { state: "known", value: tableOf(await loadAll(cache)) };
}

async function readBase(
  engine: Engine,
  { reference, platform: written }: LearnedKey,
  signal: AbortSignal,
): Promise<Image | undefined> {
  const platform = written === undefined ? undefined : parsePlatform(written);
  const image = await engine.image(reference, platform ? { platform } : {}, signal);
  return image.ok ? image.value : undefined;
}

/** The images whose history has an apt install above the base's layers. */
function builtOn({ layers }: Image, images: readonly BuiltImage[]): readonly BuiltImage[] {
  return images.filter(
    (image) =>
      image.layers.length > layers.length &&
      layers.every(({ diffId }, index) => image.layers[index] === diffId) &&
      image.steps.some(({ createdBy }) => /\bapt(?:-get|itude)?\b[^&;|]*\binstall\b/.test(createdBy)),
  );
}

async function learn(
  engine: Engine,
  images: readonly BuiltImage[],
  cache: TextCache,
  signal: AbortSignal,
): Promise<void> {
  const keys = images.map(({ layers }) => keyOf(layers));
  const known = await teachers(cache);
  for (const [index, { name }] of images.slice(0, maxReadAtOnce).entries()) {
    const key = keys[index];
    if (key === undefined || known.includes(key) || !engine.packageSizes) continue;
    const image = await engine.image(name, {}, signal);
    if (!image.ok || (image.value.engineBytes ?? Infinity) > maxImageBytes) continue;
    const sizes = await engine.packageSizes(image.value, signal);
    if (!sizes.ok) continue;
    await cache.put(key, formatPackageSizes(sizes.value));
    await cache.put(
      listKey,
      [key, ...(await teachers(cache)).filter((it) => it !== key)].slice(0, maxTeachers).join("\n"),
    );
  }
}

/** The key of an image's layers: the same layers have the same packages. */
function keyOf(diffIds: readonly string[]): string {
  return layersKey("packages 2", diffIds);
}

async function teachers(cache: TextCache): Promise<readonly string[]> {
  const text = (await cache.get(listKey)) ?? "";
  return text.split("\n").filter((key) => key.startsWith("packages 2 "));
}

async function loadAll(cache: TextCache): Promise<ReadonlyMap<string, PackageSizes>> {
  const loaded = new Map<string, PackageSizes>();
  for (const key of await teachers(cache)) {
    const sizes = parsePackageSizes((await cache.get(key)) ?? "");
    if (sizes) loaded.set(key, sizes);
  }
  return loaded;
}

/** The table of sizes. Of several measurements the latest comes first and wins. */
function tableOf(teaching: ReadonlyMap<string, PackageSizes>): LearnedPackages {
  const table = new Map<string, PackageSize>();
  for (const { profile, packages } of teaching.values())
    for (const it of packages) {
      const name = nameOf(it, profile);
      if (!table.has(name)) table.set(name, it);
    }
  return {
    id: createHash("sha256")
      .update([...teaching.keys()].join())
      .digest("hex"),
    find: (it, profile) => table.get(nameOf(it, profile)),
  };
}

function nameOf({ name, version, architecture }: PackageOf, profile: string): string {
  return [profile, name, version, architecture].join("\t");
}
