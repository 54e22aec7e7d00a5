/**
 * The signals that stop containers, with the programs that use them.
 * @see https://man7.org/linux/man-pages/man7/signal.7.html
 */
export const signals: ReadonlyMap<string, string> = new Map([
  ["SIGTERM", "Asks the process to end; what containers get without STOPSIGNAL"],
  ["SIGINT", "The interrupt of Ctrl+C; PostgreSQL's fast shutdown"],
  ["SIGQUIT", "The quit of Ctrl+\\; nginx and PHP-FPM finish their requests, a JVM prints its threads"],
  ["SIGHUP", "The terminal was closed; many daemons read their configuration again"],
  ["SIGUSR1", "For the program to define"],
  ["SIGUSR2", "For the program to define"],
  ["SIGWINCH", "The window changed its size; Apache httpd finishes its requests"],
  ["SIGRTMIN+3", "Asks systemd as init to halt the machine"],
  ["SIGKILL", "Ends the process at once; it can't react"],
  ["SIGABRT", "Ends the process with a core dump"],
  ["SIGCONT", "Continues a stopped process"],
  ["SIGSTOP", "Stops the process without ending it"],
]);

/** The description of a signal by name, with or without SIG, or by number. */
export function signalDescription(written: string): { readonly name: string; readonly doc: string } | undefined {
  const upper = written.toUpperCase();
  const name = numbers.get(written) ?? (upper.startsWith("SIG") ? upper : `SIG${upper}`);
  const doc = signals.get(name);
  return doc === undefined ? undefined : { name, doc };
}

/** On Linux, x86 and ARM. */
const numbers: ReadonlyMap<string, string> = new Map([
  ["1", "SIGHUP"],
  ["2", "SIGINT"],
  ["3", "SIGQUIT"],
  ["6", "SIGABRT"],
  ["9", "SIGKILL"],
  ["10", "SIGUSR1"],
  ["12", "SIGUSR2"],
  ["15", "SIGTERM"],
  ["28", "SIGWINCH"],
]);
