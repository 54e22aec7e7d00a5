import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import type { EngineConnection, SshTarget } from "../endpoint/connection.ts";
import { SshConnection } from "../endpoint/sshConnection.ts";

/** Requests of one engine that run side by side; more wait. Image lists are read with a few. */
const maxSockets = 8;
/** Each is a login of its own; sshd turns more than ten at once away (MaxStartups). */
const maxSshConnections = 4;
/** A list is followed by an image at once, or not for long. An idle login is a process here and two there; other idle connections would outlast whoever opened them, since engines never end them. */
const idleMs = 15_000;

/** Opens and keeps the connections to an engine. Idle ones let the process end, and end by themselves after a while. */
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

/** The agent's own `timeout` would count for connections in use, too. */
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

  /** The agent's own does with it what only sockets of a network know. */
  override keepSocketAlive(socket: Duplex): boolean {
    if (socket instanceof SshConnection) socket.unref();
    return true;
  }
}
