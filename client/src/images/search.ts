import type { ImageSummary } from "../../../oci/core/image.ts";

/** The words of a search; an image must have all of them. */
export function searchWords(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** True if each word is part of a name, a tag or a label, or the beginning of an ID or a digest, ignoring case. */
export function matchesWords(summary: ImageSummary, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const names = namesOf(summary);
  return words.every((word) => names.includes(word) || beginsDigest(summary, word));
}

/** The searchable names. Image names are lower case; their tags and labels may not be. */
function namesOf({ tags, repoDigests, labels }: ImageSummary): string {
  const repositories = repoDigests.map((name) => name.slice(0, name.indexOf("@")));
  return [...tags, ...repositories, ...Object.entries(labels ?? {}).map(([name, value]) => `${name}=${value}`)]
    .join("\n")
    .toLowerCase();
}

/** Fewer digits are more likely a word: every 16th image has an ID that begins with "a". */
const minDigits = 4;

function beginsDigest({ id, repoDigests }: ImageSummary, word: string): boolean {
  const digits = word.startsWith("sha256:") ? word.slice("sha256:".length) : word;
  if (digits.length < minDigits || !/^[0-9a-f]+$/.test(digits))
    return repoDigests.some((name) => name.toLowerCase().startsWith(word));
  return [id, ...repoDigests].some((name) => name.slice(name.lastIndexOf(":") + 1).startsWith(digits));
}
