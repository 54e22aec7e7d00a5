import { isSpace } from "../characters.ts";
import type { Range } from "../logicalText.ts";

/** A word of the result and its source range. */
export interface LexedWord extends Range {
  readonly text: string;
}

/** The word being assembled. */
export interface WordBuffer {
  text: string;
  start: number;
  end: number;
}

export function newBuffer(): WordBuffer {
  return { text: "", start: 0, end: 0 };
}

/** Splits a result into words while it is being created. */
export interface Words {
  add(text: string, source: Range): void;
  addCharacter(character: string, position: number): void;
  addSplit(text: string, source: Range): void;
  finish(): readonly LexedWord[];
}

/** Takes over the buffer and discards its content. */
export function newWords(buffer: WordBuffer): Words {
  const words: LexedWord[] = [];
  let isInWord = false;
  buffer.text = "";
  const flush = (): void => {
    words.push({ text: buffer.text, start: buffer.start, end: buffer.end });
    buffer.text = "";
    isInWord = false;
  };
  const add = (text: string, source: Range): void => {
    if (buffer.text === "") buffer.start = source.start;
    buffer.text += text;
    buffer.end = source.end;
    isInWord = true;
  };
  const addFrom = (character: string, source: Range): void => {
    if (!isSpace(character.charCodeAt(0))) add(character, source);
    else if (isInWord && buffer.text !== "") flush();
  };
  return {
    add,
    addCharacter: (character, position) => addFrom(character, { start: position, end: position + 1 }),
    addSplit: (text, source) => {
      let start = 0;
      for (let index = 0; index < text.length; index++) {
        if (!isSpace(text.charCodeAt(index))) continue;
        if (index > start) add(text.slice(start, index), source);
        addFrom(" ", source);
        start = index + 1;
      }
      if (start < text.length) add(text.slice(start), source);
    },
    finish: () => {
      if (buffer.text !== "") flush();
      return words;
    },
  };
}
