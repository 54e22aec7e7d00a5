import { printable } from "./sinks.ts";

/** Says something on standard error. What files, engines and registries say in it is made safe for a terminal; lines stay lines. */
export function printError(message: string): void {
  console.error(`imagewright: ${message.split("\n").map(printable).join("\n")}`);
}
