import type { IncomingMessage } from "node:http";

/** A record of an event or of progress is below 1 kB; anything endless isn't one. */
const maxRecordLength = 1024 * 1024;

/**
 * Yields the JSON texts of an engine's stream: one per line, or each after a record separator (RFC 7464, from API
 * 1.52). The rest at the end counts as a text too, even if it was cut off. Throws if the stream breaks or a record
 * doesn't end.
 */
export async function* jsonRecords(stream: IncomingMessage): AsyncIterable<string> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream as AsyncIterable<string>) {
    const parts = (rest + chunk).split(/[\n\u001e]/);
    rest = parts.pop() ?? "";
    if (rest.length > maxRecordLength) throw new EndlessRecord();
    yield* parts.filter((part) => part.trim() !== "");
  }
  if (rest.trim() !== "") yield rest;
}

export class EndlessRecord extends Error {}
