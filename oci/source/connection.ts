/** How to reach a container engine: plain data, so that it can be handed to a worker thread. Never printed: headers and keys are secrets. */
export interface EngineConnection {
  /** As it is shown to users, without credentials: `unix:///var/run/docker.sock`, `tcp://build.example:2376`. */
  readonly endpoint: string;
  readonly protocol: "http" | "https";
  /** A Unix socket's or a Windows named pipe's path; `host` and `port` are unused then. */
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number;
  readonly tls?: EngineTls;
  /** Sent with every request (Docker's `HttpHeaders`). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Negotiated by `/_ping`, `1.41`; requests are unversioned without. */
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
