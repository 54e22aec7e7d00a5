/** The options that a program knows. */
export interface OptionSpec {
  /** Letters of options without a value. */
  readonly flags?: string;
  /** Letters of options with a value. */
  readonly valued?: string;
  /** Long names, each with the letter that it corresponds to, or itself. */
  readonly long?: Readonly<Record<string, string>>;
}

export interface Options {
  readonly flags: ReadonlySet<string>;
  /** The last value of each option. */
  readonly values: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
}

/** Reads options as getopt does; undefined if one is unknown. Operands and options may be mixed. */
export function readOptions(words: readonly string[], spec: OptionSpec): Options | undefined {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const operands: string[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    if (word === "--") return { flags, values, operands: [...operands, ...words.slice(index + 1)] };
    const isOption = word.startsWith("-") && word.length > 1;
    if (!isOption) operands.push(word);
    else {
      const option = word.startsWith("--") ? readLong(word, spec) : readShort(word, spec);
      if (!option) return undefined;
      for (const flag of option.flags) flags.add(flag);
      if (option.valued !== undefined) values.set(option.valued, option.value ?? words[++index] ?? "");
    }
  }
  return { flags, values, operands };
}

interface ReadOption {
  readonly flags: readonly string[];
  readonly valued?: string;
  /** Absent if it is the next word. */
  readonly value?: string;
}

function readLong(word: string, { long = {}, valued = "" }: OptionSpec): ReadOption | undefined {
  const [, name = "", value] = /^--([^=]*)(?:=([^]*))?$/.exec(word) ?? [];
  const letter = new Map(Object.entries(long)).get(name);
  if (letter === undefined) return undefined;
  if (!valued.includes(letter)) return { flags: [letter] };
  return { flags: [], valued: letter, ...(value !== undefined && { value }) };
}

function readShort(word: string, { flags = "", valued = "" }: OptionSpec): ReadOption | undefined {
  const found: string[] = [];
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] ?? "";
    if (valued.includes(letter)) {
      const value = word.slice(at + 1);
      return { flags: found, valued: letter, ...(value !== "" && { value }) };
    }
    if (!flags.includes(letter)) return undefined;
    found.push(letter);
  }
  return { flags: found };
}
