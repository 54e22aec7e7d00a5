import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import type { EngineConnection, SshTarget } from "../endpoint/connection.ts";
import { SshConnection } from "../endpoint/sshConnection.ts";

/** The number of concurrent requests to one engine; others wait. Image lists are read with a few. */
const maxSockets = 8;
/** Each connection is a login; sshd rejects more than ten at once (MaxStartups). */
const maxSshConnections = 4;
/**
 * A list is followed by an image at once, or not for a long time. An idle login is a process here and two there; other
 * idle connections would outlast their user, since engines never end them.
 */
const idleMs = 15_000;

/**
 * Opens and keeps the connections to an engine. Idle ones don't keep the process alive, and end on their own after a
 * while.
 */
export function createEngineAgent(connection: EngineConnection): http.Agent {
  return endingIdle(agentFor(connection));
}

function agentFor({ protocol, tls, ssh }: EngineConnection): http.Agent {
  if (ssh !== undefined) return new SshAgent(ssh);
  if (protocol === "http") return new http.Agent({ keepAlive: true, maxSockets });
  return new https.Agent({
    keepAlive: true,
    maxSockets,
    rejectUnauthorized: tls?.verifiesPeer !== false,
    ca: tls?.ca,
    cert: tls?.cert,
    key: tls?.key,
  });
}

/** Ends idle connections. The agent's own `timeout` would also apply to connections in use. */
function endingIdle(agent: http.Agent): http.Agent {
  const idle = new WeakMap<Duplex, NodeJS.Timeout>();
  const keepAlive = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  agent.keepSocketAlive = (socket) => {
    idle.set(socket, setTimeout(() => socket.destroy(), idleMs).unref());
    return keepAlive(socket);
  };
  agent.reuseSocket = (socket, request) => {
    clearTimeout(idle.get(socket));
    reuse(socket, request);
  };
  return agent;
}

class SshAgent extends http.Agent {
  readonly #target: SshTarget;

  constructor(target: SshTarget) {
    super({ keepAlive: true, maxSockets: maxSshConnections });
    this.#target = target;
  }

  override createConnection(): Duplex {
    return new SshConnection(this.#target);
  }

  /** Skips the agent's own version, which calls methods that only network sockets have. */
  override keepSocketAlive(socket: Duplex): boolean {
    if (socket instanceof SshConnection) socket.unref();
    return true;
  }
}
