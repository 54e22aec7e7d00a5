import { homedir } from "node:os";
import type { Result } from "../../oci/core/error.ts";
import type {
  ImageFilesReader,
  ImageLister,
  ImageReader,
  PackageSizesReader,
  TarBytesReader,
} from "../../oci/source/source.ts";
import type { AptIndexes } from "./fetch/apt/aptIndexes.ts";
import type { TextCache } from "./fetch/apt/cache.ts";
import type { BuiltImagesReader } from "./fetch/builtImages.ts";
import type { ConfigSurroundings } from "./fetch/lintConfigFile.ts";
import type { SharedListings } from "./fetch/sharedListings.ts";
import type { ShellCheck } from "./fetch/shellcheck.ts";

/** What fetching facts may use of this machine, beside its disk. */
export interface FactMachine {
  readonly engine: EngineOpener | Refusal;
  readonly registries: RegistryOpener | Refusal;
  readonly shellCheck: ShellCheck | Refusal;
  readonly aptIndexes: AptIndexes | Refusal;
  /** Where package indexes and the sizes of packages are kept between runs. */
  readonly packageCache: TextCache;
  readonly configPlaces: ConfigSurroundings;
  /** Only where files don't change: a listing is shared by all Dockerfiles of a context. */
  readonly contextListings?: SharedListings;
}

/** Finds the container engine; called only once a fact needs it. */
export interface EngineOpener {
  open(
    signal: AbortSignal,
  ): Promise<Result<ImageReader & Partial<ImageLister & ImageFilesReader & PackageSizesReader>>>;
  /** Remembers the images that were read. */
  readonly builtImages: BuiltImagesReader;
}

/** Contacts registries, those that the user allows. */
export interface RegistryOpener {
  /** Why a registry (`docker.io`) may not be contacted; undefined if it may. */
  whyNot(registry: string): string | undefined;
  readonly source: ImageReader & TarBytesReader;
}

/** Why a part of the machine is not used; shown as the reason why a fact is unavailable. */
export interface Refusal {
  readonly refusal: string;
}

/** Returns where this user's configuration may be; `workingDirectory` is looked into as well if given. */
export function configPlaces(workingDirectory?: string): ConfigSurroundings {
  return { env: process.env, homedir: homedir(), ...(workingDirectory !== undefined && { workingDirectory }) };
}
