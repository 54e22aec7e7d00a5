/** The text with its first letter upper case. */
export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The text as a sentence: capitalized, with a full stop unless it already ends with `.`, `!` or `?`. */
export function sentence(text: string): string {
  return `${capitalize(text)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** At most the first `length` characters of the text; an ellipsis follows where some are left out. */
export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** The text cut to `width` characters, the ellipsis included. For columns; prose takes `shorten`. */
export function fitWidth(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** The noun in the number that the count asks for: `layer`, `layers`. */
export function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

/** `1 layer`, `3 layers`. */
export function counted(count: number, noun: string): string {
  return `${count} ${plural(count, noun)}`;
}

/** A time in words: `7 seconds`, `4 minutes`, `6 hours`; rounded up, so that waiting for it is enough. */
export function durationText(ms: number): string {
  const seconds = Math.max(Math.ceil(ms / 1000), 1);
  if (seconds < 120) return counted(seconds, "second");
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? counted(minutes, "minute") : counted(Math.ceil(minutes / 60), "hour");
}

/** An exact time of nanoseconds: `30 s`, `1 min 30 s`, `1.5 s`, `500 ms`. */
export function nanosecondsText(nanoseconds: number): string {
  if (Math.abs(nanoseconds) < 1e9) return `${nanoseconds / 1e6} ms`;
  const seconds = nanoseconds / 1e9;
  const [hours, minutes] = [Math.trunc(seconds / 3600), Math.trunc((seconds % 3600) / 60)];
  const left = (nanoseconds % 60e9) / 1e9;
  const parts = [hours !== 0 && `${hours} h`, minutes !== 0 && `${minutes} min`, left !== 0 && `${left} s`];
  return parts.filter((part) => part !== false).join(" ");
}

/** Orders texts by their UTF-16 code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Tells whether decoded JSON is an object rather than an array, a text, a number or null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
