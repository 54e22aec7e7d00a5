import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import type { EngineConnection, SshTarget } from "./connection.ts";
import { SshConnection } from "./sshConnection.ts";

/** Requests of one engine that run side by side; more wait. Image lists are read with a few. */
const maxSockets = 8;
/** Each is a login of its own; sshd turns more than ten at once away (MaxStartups). */
const maxSshConnections = 4;
/** A login takes longer than anything asked after it, and a list is followed by an image; but an idle one is a process here and two there. */
const sshIdleMs = 15_000;

/** Opens and keeps the connections to an engine. */
export function createEngineAgent({ protocol, tls, ssh }: EngineConnection): http.Agent {
  if (ssh !== undefined) return new SshAgent(ssh);
  if (protocol === "http") return new http.Agent({ keepAlive: true, maxSockets });
  return new https.Agent({ keepAlive: true, maxSockets, rejectUnauthorized: tls?.verifiesPeer !== false, ca: tls?.ca, cert: tls?.cert, key: tls?.key });
}

/** Idle connections let the process end, and end by themselves after a while. */
class SshAgent extends http.Agent {
  readonly #target: SshTarget;
  readonly #idle = new Map<Duplex, NodeJS.Timeout>();

  constructor(target: SshTarget) {
    super({ keepAlive: true, maxSockets: maxSshConnections });
    this.#target = target;
  }

  override createConnection(): Duplex {
    return new SshConnection(this.#target);
  }

  override keepSocketAlive(socket: Duplex): boolean {
    if (socket instanceof SshConnection) socket.unref();
    this.#idle.set(socket, setTimeout(() => this.#end(socket), sshIdleMs).unref());
    return true;
  }

  /** The agent's own also has the socket keep the process alive again. */
  override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
    clearTimeout(this.#idle.get(socket));
    this.#idle.delete(socket);
    super.reuseSocket(socket, request);
  }

  #end(socket: Duplex): void {
    this.#idle.delete(socket);
    socket.destroy();
  }
}
