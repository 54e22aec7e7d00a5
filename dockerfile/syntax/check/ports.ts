import { lexShell } from "../expand/lexer.ts";
import type { Instruction, SyntaxProblem, Word } from "../syntax.ts";
import { problem, quoted } from "./problem.ts";

/**
 * Checks the ports of an EXPOSE; those that depend on variables are skipped.
 * @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert_expose.go
 */
export function checkPorts(instruction: Instruction, escape: string): SyntaxProblem[] {
  return instruction.arguments.flatMap((word) => {
    const { words, unknown, failure } = lexShell(word.value, { escape, lookup: () => ({}) });
    return unknown.length > 0 || failure ? [] : words.flatMap(({ text }) => checkPort(word, text));
  });
}

/** Checks `[[ip:]hostPort:]port[-port][/protocol]`. */
function checkPort(word: Word, text: string): SyntaxProblem[] {
  const parts = text.split(":");
  const [container = "", host = ""] = [parts.at(-1), parts.at(-2)];
  const address = parts.slice(0, -2).join(":");
  const [ports = "", ...protocol] = container.split("/");
  const report = (message: string): SyntaxProblem[] => [problem("expose", word.span, message)];
  if (!["", "tcp", "udp", "sctp"].includes(protocol.join("/").toLowerCase()))
    return report(`${quoted(protocol.join("/"))} is not a protocol that EXPOSE takes; write tcp, udp or sctp`);
  const range = portRange(ports);
  if (!range)
    return report(`${quoted(text)} is not a valid port: write a number from 0 to 65535, or a range such as 8000-8010`);
  if (address !== "" && !isAddress(address))
    return report(`${quoted(address)} is not an IP address; EXPOSE takes only the container's port`);
  const hostRange = host === "" ? range : portRange(host);
  if (!hostRange) return report(`${quoted(host)} is not a port; EXPOSE takes only the container's port`);
  if (range.length === 1 || range.length === hostRange.length) return [];
  return report("The two ranges differ in length; EXPOSE takes only the container's ports");
}

function portRange(text: string): { readonly length: number } | undefined {
  const [first = "", ...others] = text.split("-");
  const start = portNumber(first);
  const end = others.length === 0 ? start : portNumber(others.join("-"));
  return start === undefined || end === undefined || end < start ? undefined : { length: end - start + 1 };
}

function portNumber(text: string): number | undefined {
  const port = /^\+?[0-9]+$/.test(text) ? Number(text) : NaN;
  return port <= 65535 ? port : undefined;
}

/** True for an address; lenient about the details of IPv6, which such a line is rarely about. */
function isAddress(text: string): boolean {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  const bytes = bare.split(".");
  if (bytes.length === 4)
    return bytes.every((byte) => /^(0|[1-9][0-9]{0,2})$/.test(byte) && Number(byte) < 256) || bare.includes(":");
  return /^[0-9a-fA-F:]+$/.test(bare) && bare.includes(":");
}
