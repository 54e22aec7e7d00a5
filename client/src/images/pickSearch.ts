import type { ImageNode } from "./node.ts";
import { imageName } from "./labels/names.ts";
import { matchesWords, searchWords } from "./search.ts";

export interface Candidates {
  /** Newest first within a source. */
  readonly images: readonly ImageNode[];
  /** Matching images that are left out; typing more words makes them fewer. */
  readonly leftOut: number;
}

/** More are not read, and slow the list down. */
const maxCandidates = 200;

/** The images that a text may mean: those whose name begins with it before the others. */
export function searchImages(images: readonly ImageNode[], text: string): Candidates {
  const words = searchWords(text);
  const matching = images.filter(({ summary }) => matchesWords(summary, words));
  const [first] = words;
  const begins = ({ summary }: ImageNode): boolean => first !== undefined && imageName(summary).startsWith(first);
  const ordered =
    first === undefined ? matching : [...matching.filter(begins), ...matching.filter((image) => !begins(image))];
  return { images: ordered.slice(0, maxCandidates), leftOut: Math.max(0, ordered.length - maxCandidates) };
}
