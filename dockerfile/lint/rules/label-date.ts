import { defineLabelFormatRule } from "../labels.ts";

export default defineLabelFormatRule({
  id: "label-date",
  group: "correctness",
  summary: "A label for a time isn't in RFC 3339 format",
  why: "`2025-01-31T12:00:00Z` means the same moment to every program and person; `31.1.25 noon` doesn't.",
  aliases: ["DL3053"],
  sources: [
    "https://datatracker.ietf.org/doc/html/rfc3339#section-5.6",
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md",
  ],
  format: "rfc3339",
  examples: [
    {
      bad: `FROM scratch
LABEL org.opencontainers.image.created="2025-01-31 12:00:00Z" \\
                                       ^^^^^^^^^^^^^^^^^^^^^^ org.opencontainers.image.created is not an RFC 3339 time; write 2025-01-31T12:00:00Z
      org.opencontainers.image.version=1
`,
      good: `FROM scratch
LABEL org.opencontainers.image.created="2025-01-31T12:00:00Z" \\
      org.opencontainers.image.version=1
`,
    },
    {
      bad: `FROM scratch
LABEL built=yesterday
            ^^^^^^^^^ built is not an RFC 3339 time; write a time as in 2025-01-31T12:00:00Z
`,
      good: `FROM scratch
ARG BUILT
LABEL built=$BUILT
`,
      config: "label-schema: { built: rfc3339 }\n",
    },
    {
      bad: `FROM scratch
LABEL built=2025-02-30T00:00:00Z
            ^^^^^^^^^^^^^^^^^^^^ built is not an RFC 3339 time; write a time as in 2025-01-31T12:00:00Z
`,
      good: `FROM scratch
LABEL built=2025-02-28T23:59:60.123+01:00
`,
      config: "label-schema: { built: rfc3339 }\n",
    },
  ],
  isValid: isTime,
  message: (key, value) =>
    `${key} is not an RFC 3339 time; write ${correctedDate(value)?.value ?? "a time as in 2025-01-31T12:00:00Z"}`,
  fixSafety: "safe",
  corrected: correctedDate,
});

function isTime(value: string): boolean {
  const [, year, month, day, hour, minute, second, offsetHour = "00", offsetMinute = "00"] =
    /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/.exec(value) ?? [];
  // 60 is a leap second.
  const isClock =
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) <= 60 &&
    Number(offsetHour) < 24 &&
    Number(offsetMinute) < 60;
  return isClock && isDay(Number(year), Number(month), Number(day));
}

function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/**
 * The corrected date, if the value can be read in only one way. A time without a zone, or without a time of day, needs
 * a guess.
 */
function correctedDate(value: string): { readonly value: string; readonly safety: "safe" | "unsafe" } | undefined {
  const [, date, time, seconds = ":00", fraction = "", zone] =
    /^(\d{4}-\d\d-\d\d)(?:[ T_]+(\d\d:\d\d)(:\d\d)?(\.\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i.exec(value) ?? [];
  if (date === undefined) return undefined;
  const offset = zone === undefined || /^[zug]/i.test(zone) ? "Z" : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const text = `${date}T${time ?? "00:00"}${time === undefined ? ":00" : seconds}${fraction}${offset}`;
  return isTime(text)
    ? { value: text, safety: time !== undefined && zone !== undefined ? "safe" : "unsafe" }
    : undefined;
}
