import { homedir } from "node:os";
import type { Result } from "../../oci/core/error.ts";
import type {
  ImageFilesReader,
  ImageLister,
  ImageReader,
  PackageSizesReader,
  TarBytesReader,
  WasteReader,
} from "../../oci/source/source.ts";
import type { AptIndexes } from "./fetch/apt/aptIndexes.ts";
import type { TextCache } from "./fetch/apt/cache.ts";
import type { Fetch } from "./fetch/apt/download.ts";
import type { BuiltImagesReader } from "./fetch/builtImages.ts";
import type { ConfigSurroundings } from "./fetch/lintConfigFile.ts";
import type { SharedListings } from "./fetch/sharedListings.ts";
import type { ShellCheck } from "./fetch/shellcheck.ts";

/** The parts of this machine that fetching facts may use, other than its disk. */
export interface FactMachine {
  readonly engine: EngineOpener | Refusal;
  readonly registries: RegistryOpener | Refusal;
  readonly shellCheck: ShellCheck | Refusal;
  readonly aptIndexes: AptIndexes | Refusal;
  /** The store that keeps package indexes and package sizes between runs. */
  readonly packageCache: TextCache;
  readonly configPlaces: ConfigSurroundings;
  /** Present only if files don't change: all Dockerfiles of a context share one listing. */
  readonly contextListings?: SharedListings;
}

/** Finds the container engine; called only when a fact needs it. */
export interface EngineOpener {
  open(signal: AbortSignal): Promise<Result<EngineReader>>;
  /** Remembers the images already read. */
  readonly builtImages: BuiltImagesReader;
}

/** Reads what an engine has; not every engine can do everything. */
export type EngineReader = ImageReader & Partial<ImageLister & ImageFilesReader & PackageSizesReader & WasteReader>;

/** Contacts registries of images and of packages that the user allows. */
export interface RegistryOpener {
  /** The reason why a registry (`docker.io`, an npm registry's host) must not be contacted; undefined if it may be. */
  whyNot(registry: string): string | undefined;
  /** Its files are read in a worker, which keeps the lists of layers on disk. */
  readonly source: ImageReader & TarBytesReader & ImageFilesReader & PackageSizesReader;
  /** For registries of packages. */
  readonly fetch: Fetch;
}

/** The reason why a part of the machine isn't used; shown as the reason why a fact is unavailable. */
export interface Refusal {
  readonly refusal: string;
}

/** Returns the locations of this user's configuration, including `workingDirectory` if given. */
export function configPlaces(workingDirectory?: string): ConfigSurroundings {
  return { env: process.env, homedir: homedir(), ...(workingDirectory !== undefined && { workingDirectory }) };
}
