/** The text with its first letter upper case. */
export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** The text as a sentence: capitalized, with a full stop unless it already ends with `.`, `!` or `?`. */
export function sentence(text: string): string {
  return `${capitalize(text)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** The first `length` characters of the text, followed by an ellipsis if more were cut. */
export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** The text cut to `width` characters, including the ellipsis. For columns; use `shorten` for prose. */
export function fitWidth(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** The noun in singular or plural by count: `layer`, `layers`. */
export function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}

/** `1 layer`, `3 layers`. */
export function counted(count: number, noun: string): string {
  return `${count} ${plural(count, noun)}`;
}

/** Formats an integer in groups of three digits: `12,345`. Intl would take a process some 10 ms for its first use. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** Formats a time in words: `7 seconds`, `4 minutes`, `6 hours`. Rounds up, so that waiting that long is enough. */
export function durationText(ms: number): string {
  const seconds = Math.max(Math.ceil(ms / 1000), 1);
  if (seconds < 120) return counted(seconds, "second");
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? counted(minutes, "minute") : counted(Math.ceil(minutes / 60), "hour");
}

const hourMs = 3_600_000;

/** Formats an age in words, rounded down: `5 hours`, `12 days`. Less than an hour is `1 hour`. */
export function ageText(ms: number): string {
  const hours = Math.floor(ms / hourMs);
  return hours < 48 ? counted(Math.max(hours, 1), "hour") : counted(Math.floor(hours / 24), "day");
}

/** Formats nanoseconds exactly: `30 s`, `1 min 30 s`, `1.5 s`, `500 ms`. */
export function nanosecondsText(nanoseconds: number): string {
  if (Math.abs(nanoseconds) < 1e9) return `${nanoseconds / 1e6} ms`;
  const seconds = nanoseconds / 1e9;
  const [hours, minutes] = [Math.trunc(seconds / 3600), Math.trunc((seconds % 3600) / 60)];
  const left = (nanoseconds % 60e9) / 1e9;
  const parts = [hours !== 0 && `${hours} h`, minutes !== 0 && `${minutes} min`, left !== 0 && `${left} s`];
  return parts.filter((part) => part !== false).join(" ");
}

/** Compares texts by UTF-16 code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** True if decoded JSON is an object rather than an array, a text, a number or null. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
