/** How to reach a container engine: plain data, so that it can be handed to a worker thread. Never printed: headers and keys are secrets. */
export interface EngineConnection {
  /** As it is shown to users, without credentials: `unix:///var/run/docker.sock`, `tcp://build.example:2376`, `ssh://me@build.example`. */
  readonly endpoint: string;
  readonly protocol: "http" | "https";
  /** A Unix socket's or a Windows named pipe's path; `host` and `port` are unused then. */
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number;
  /** The engine of another machine, spoken to through the docker CLI there; everything that says where is unused then. */
  readonly ssh?: SshTarget;
  readonly tls?: EngineTls;
  /** Sent with every request (Docker's `HttpHeaders`). */
  readonly headers?: Readonly<Record<string, string>>;
  /** The version of the API that the user chose by DOCKER_API_VERSION, `1.41`; without, the newest that both sides know is spoken. */
  readonly apiVersion?: string;
}

/** PEM texts, not paths: whoever makes the connection reads the files. */
export interface EngineTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** False accepts any certificate, as the Docker CLI does where TLS is on and verification off. */
  readonly verifiesPeer: boolean;
}

/** What is absent is left to the user's ssh configuration, or to the docker CLI there. */
export interface SshTarget {
  /** A name, an address, or a `Host` of the ssh configuration. */
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** Of the engine's socket on that machine. */
  readonly socketPath?: string;
}
