import type { OciError } from "../../core/error.ts";
import type { SshEnd } from "./sshConnection.ts";

/** The reason why an engine wasn't reached over ssh, from the last output of ssh or of the docker CLI there. */
export function sshFailure(endpoint: string, { exitCode, reason }: SshEnd): OciError {
  const known = failures.find(({ says }) => says.test(reason));
  const said = `${endpoint}: ${reason || (exitCode === undefined ? "ssh was terminated" : `ssh exited with code ${exitCode} and no message`)}`;
  if (known === undefined)
    return {
      kind: "engineUnreachable",
      endpoint,
      tried: [endpoint],
      message: exitCode === unknownProgram ? `${said}; is the docker CLI installed there?` : said,
    };
  const { kind, advice } = known;
  const message = `${said}; ${advice}`;
  switch (kind) {
    case "engineUnreachable":
      return { kind, endpoint, tried: [endpoint], message };
    case "engineRefused":
      return { kind, endpoint, message };
    case "unsupported":
      return { kind, what: endpoint, message };
    default:
      return kind satisfies never;
  }
}

/**
 * The delay in milliseconds before an unreachable engine is contacted again: as wanted, but longer over ssh. Each
 * attempt is a login there, and servers lock out clients that fail often.
 */
export function retryDelayMs(wantedMs: number, slowestMs: number, error: OciError | undefined): number {
  if (error === undefined || !("endpoint" in error) || !error.endpoint.startsWith("ssh://"))
    return Math.min(wantedMs, slowestMs);
  // A refusal lasts until the user fixes its cause, and the user can also retry.
  return error.kind === "engineRefused" ? slowestLoginMs : Math.min(Math.max(wantedMs, firstLoginMs), slowestLoginMs);
}

const firstLoginMs = 30_000;
const slowestLoginMs = 10 * 60_000; // fail2ban's default is five failures in ten minutes.

const unknownProgram = 127; // POSIX shells, for a command that isn't found.

interface KnownFailure {
  readonly says: RegExp;
  readonly kind: "engineUnreachable" | "engineRefused" | "unsupported";
  readonly advice: string;
}

/**
 * Known failures, first match wins: the messages of OpenSSH 9 (sshconnect.c, sshconnect2.c), of shells, and of docker's
 * `system dial-stdio`.
 */
const failures: readonly KnownFailure[] = [
  { says: /ssh isn't installed/, kind: "unsupported", advice: "install OpenSSH's client" },
  {
    says: /permission denied \(|too many authentication failures|no supported authentication/i,
    kind: "engineRefused",
    advice:
      "passwords can't be entered here: add your public key on that host and the private key to ssh-agent, until ssh logs in without prompting",
  },
  {
    says: /permission denied/i,
    kind: "engineRefused",
    advice: 'let that user join the "docker" group there, or run a rootless engine',
  },
  {
    says: /host key verification failed|host identification has changed/i,
    kind: "engineRefused",
    advice: "the host key is unknown: connect once with ssh in a terminal and verify the key",
  },
  {
    says: /could not resolve hostname/i,
    kind: "engineUnreachable",
    advice: "check the host name against your ssh configuration",
  },
  {
    says: /(docker: (command )?not found|not found: docker|'docker' is not recognized|unknown command: docker)/i,
    kind: "engineUnreachable",
    advice: "install the docker CLI on that host, on the PATH of non-interactive logins",
  },
  {
    says: /is not a docker command|unknown command.*dial-stdio/i,
    kind: "unsupported",
    advice: "update the docker CLI on that host to 18.09 or later",
  },
  {
    says: /cannot connect to the docker daemon|dial unix|no such file or directory/i,
    kind: "engineUnreachable",
    advice: "start the engine on that host, or name its socket: ssh://user@host/path/docker.sock",
  },
  {
    says: /connection (refused|timed out|closed|reset)|timed out|no route to host|network is unreachable/i,
    kind: "engineUnreachable",
    advice: "check that the host and its ssh server are running",
  },
];
