import { printable } from "./sinks.ts";

/**
 * Prints a message on standard error. Text from files, engines and registries is made safe for a terminal; line breaks
 * are kept.
 */
export function printError(message: string): void {
  console.error(`imagewright: ${message.split("\n").map(printable).join("\n")}`);
}
