import type { ImageNode } from "./node.ts";
import { imageName } from "./labels/names.ts";
import { matchesWords, searchWords } from "./search.ts";

export interface Candidates {
  /** Newest first within a source. */
  readonly images: readonly ImageNode[];
  /** The number of matching images left out; more words reduce it. */
  readonly leftOut: number;
}

/** A longer list is not read to its end, and slows the picker down. */
const maxCandidates = 200;

/** The images that match a text, those whose name begins with it first. */
export function searchImages(images: readonly ImageNode[], text: string): Candidates {
  const words = searchWords(text);
  const matching = images.filter(({ summary }) => matchesWords(summary, words));
  const [first] = words;
  const begins = ({ summary }: ImageNode): boolean => first !== undefined && imageName(summary).startsWith(first);
  const ordered =
    first === undefined ? matching : [...matching.filter(begins), ...matching.filter((image) => !begins(image))];
  return { images: ordered.slice(0, maxCandidates), leftOut: Math.max(0, ordered.length - maxCandidates) };
}
