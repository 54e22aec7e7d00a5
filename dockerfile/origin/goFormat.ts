import { ownEntry } from "../../oci/core/ownEntry.ts";

/**
 * Reads a list of quoted strings, as written by Go's `%q` (`["a" "b"]`) and JSON (`["a", "b"]`); undefined if the text
 * doesn't start with one.
 */
export function readQuotedList(text: string): readonly string[] | undefined {
  const whole = /^\[((?:"(?:[^"\\]|\\.)*"(?:,? )?)*)\]/.exec(text)?.[1];
  return (
    whole?.match(/"(?:[^"\\]|\\.)*"/g)?.map((quoted) => unquote(quoted.slice(1, -1))) ?? (whole === "" ? [] : undefined)
  );
}

/** @see https://go.dev/ref/spec#Rune_literals */
function unquote(text: string): string {
  return text.replace(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|.)/gi, (_, escape: string) => {
    if (escape.length === 1) return ownEntry(letters, escape) ?? escape;
    const code = parseInt(escape.slice(1), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "\uFFFD";
  });
}

const letters: Readonly<Record<string, string>> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** The text without the brackets that Go prints around lists. */
export function withoutBrackets(text: string): string {
  return text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
}

/**
 * The seconds of a duration as people and Go write it, `1m30s`; undefined if it isn't one.
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function secondsOf(duration: string): number | undefined {
  if (!/^(?:0|(?:[0-9]+(?:\.[0-9]+)?(?:ns|us|µs|ms|s|m|h))+)$/.test(duration)) return undefined;
  const parts = [...duration.matchAll(/([0-9.]+)(ns|us|µs|ms|s|m|h)/g)];
  return parts.reduce((seconds, [, amount, unit]) => seconds + Number(amount) * (ownEntry(unitSeconds, unit) ?? 0), 0);
}

const unitSeconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };
