/**
 * The address of a container engine and the means to connect to it. It is plain data, so that it can be passed to a
 * worker thread. It is never printed: headers and keys are secrets.
 */
export interface EngineConnection {
  /**
   * As shown to users, without credentials: `unix:///var/run/docker.sock`, `tcp://build.example:2376`,
   * `ssh://me@build.example`.
   */
  readonly endpoint: string;
  readonly protocol: "http" | "https";
  /** The path of a Unix socket or a Windows named pipe. `host` and `port` are unused then. */
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number;
  /** An engine on another machine, reached through its docker CLI. The other addresses are unused then. */
  readonly ssh?: SshTarget;
  readonly tls?: EngineTls;
  /** Sent with every request (Docker's `HttpHeaders`). */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The API version that the user chose by DOCKER_API_VERSION, `1.41`. Defaults to the newest that both sides support.
   */
  readonly apiVersion?: string;
}

/** PEM texts, not paths: the files have already been read. */
export interface EngineTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False accepts any certificate, as the Docker CLI does if TLS is on and verification is off. */
  readonly verifiesPeer: boolean;
}

/** Absent members are left to the user's ssh configuration, or to the docker CLI there. */
export interface SshTarget {
  /** A name, an address, or a `Host` of the ssh configuration. */
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** The engine's socket on that machine. */
  readonly socketPath?: string;
}
