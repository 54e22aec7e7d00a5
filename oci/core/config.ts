import type { DiffId } from "./digest.ts";
import type { HistoryStep } from "./history.ts";
import type { Platform } from "./platform.ts";

/** The part of an image configuration that is shown or reasoned about. @see image-spec config.md */
export interface ImageConfig {
  readonly platform: Platform;
  /** RFC 3339, as written. */
  readonly created?: string;
  readonly author?: string;
  readonly user: string;
  readonly env: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly shell?: readonly string[];
  readonly workingDir: string;
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
  readonly healthcheck?: readonly string[];
  readonly onBuild: readonly string[];
  readonly diffIds: readonly DiffId[];
  /** Oldest first; empty where the config has none. */
  readonly history: readonly HistoryStep[];
}
