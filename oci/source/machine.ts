import { homedir } from "node:os";

/**
 * The part of the machine in which engines, logins and certificates are found. It is a parameter so that tests can
 * replace it.
 */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
  readonly platform: NodeJS.Platform;
  /** Absent on Windows. */
  readonly uid?: number;
}

/** The machine as this process sees it. */
export function machineEnvironment(): Machine {
  const uid = process.getuid?.();
  return { env: process.env, homedir: homedir(), platform: process.platform, ...(uid !== undefined && { uid }) };
}
