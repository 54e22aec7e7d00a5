import { l10n } from "./l10n.ts";

/** `1 layer`, `3 layers`, `1,204 layers`. */
export function counted(count: number, noun: keyof typeof nouns): string {
  // Starting `Intl` takes longer than formatting a thousand rows; small counts don't need it.
  return count === 1 ? nouns[noun].one : nouns[noun].many(count < 1000 ? String(count) : count.toLocaleString("en"));
}

/** `a`, `a and b`. Longer lists are rare enough for `a and b and c`. */
export function inWords(names: readonly string[]): string {
  return names.reduce((before, name) => l10n.t("{0} and {1}", before, name));
}

// Whole texts, because languages form plurals in their own ways.
const nouns = {
  attestation: { one: l10n.t("1 attestation"), many: (count: string) => l10n.t("{0} attestations", count) },
  container: { one: l10n.t("1 container"), many: (count: string) => l10n.t("{0} containers", count) },
  "dangling image": { one: l10n.t("1 dangling image"), many: (count: string) => l10n.t("{0} dangling images", count) },
  Dockerfile: { one: l10n.t("1 Dockerfile"), many: (count: string) => l10n.t("{0} Dockerfiles", count) },
  file: { one: l10n.t("1 file"), many: (count: string) => l10n.t("{0} files", count) },
  image: { one: l10n.t("1 image"), many: (count: string) => l10n.t("{0} images", count) },
  layer: { one: l10n.t("1 layer"), many: (count: string) => l10n.t("{0} layers", count) },
  package: { one: l10n.t("1 package"), many: (count: string) => l10n.t("{0} packages", count) },
  reference: { one: l10n.t("1 reference"), many: (count: string) => l10n.t("{0} references", count) },
  step: { one: l10n.t("1 step"), many: (count: string) => l10n.t("{0} steps", count) },
  tag: { one: l10n.t("1 tag"), many: (count: string) => l10n.t("{0} tags", count) },
  "unreadable image": {
    one: l10n.t("1 unreadable image"),
    many: (count: string) => l10n.t("{0} unreadable images", count),
  },
} as const;
