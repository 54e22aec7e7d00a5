import type { IncomingMessage } from "node:http";

/** A record of an event or of progress is below 1 kB; what goes on without an end is none. */
const maxRecordLength = 1024 * 1024;

/** The JSON texts of an engine's stream: one a line, or each behind a record separator (RFC 7464, from API 1.52). What the stream ends with is one too, if it was cut off or not. Throws where the stream breaks or no record ends. */
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
