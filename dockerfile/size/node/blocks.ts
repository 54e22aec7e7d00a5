/** A mapping of a lock file: texts, and further mappings. */
export type Block = ReadonlyMap<string, Block | string>;

interface Open {
  readonly indent: number;
  readonly block: Map<string, Block | string>;
}

/**
 * Reads nested mappings of which each key has a line, as pnpm writes its lock files; lists and flow collections
 * are left as texts. Lines of other forms, such as those of long texts, are passed over.
 */
export function readBlocks(text: string): Block {
  const root = new Map<string, Block | string>();
  const open: Open[] = [{ indent: -1, block: root }];
  for (const line of text.split("\n")) {
    const found = keyOf(line.trimEnd());
    if (!found) continue;
    while ((open.at(-1)?.indent ?? -1) >= found.indent) open.pop();
    const parent = open.at(-1)?.block ?? root;
    if (found.value !== "") {
      parent.set(found.key, unquoted(found.value));
      continue;
    }
    const block = new Map<string, Block | string>();
    parent.set(found.key, block);
    open.push({ indent: found.indent, block });
  }
  return root;
}

/** Returns the mapping below a key; empty if it has none. */
export function blockIn(block: Block, key: string): Block {
  const value = block.get(key);
  return value === undefined || typeof value === "string" ? empty : value;
}

/** Returns the text of a key; "" if it has none. */
export function textIn(block: Block, key: string): string {
  const value = block.get(key);
  return typeof value === "string" ? value : "";
}

/** The words of a list in one line: `[x64, arm64]`. */
export function wordsIn(block: Block, key: string): readonly string[] | undefined {
  const [, list] = /^\[(.*)\]$/.exec(textIn(block, key)) ?? [];
  return list === undefined ? undefined : list.split(",").map((word) => unquoted(word.trim()));
}

const empty: Block = new Map();

function keyOf(line: string): { readonly indent: number; readonly key: string; readonly value: string } | undefined {
  const rest = line.trimStart();
  const indent = line.length - rest.length;
  const quote = rest[0] === "'" || rest[0] === '"' ? rest[0] : undefined;
  if (rest === "" || rest.startsWith("#") || rest.startsWith("- ")) return undefined;
  const end = quote === undefined ? plainEnd(rest) : rest.indexOf(`${quote}:`, 1) + 1;
  if (end <= 0 || rest[end] !== ":") return undefined;
  return { indent, key: unquoted(rest.slice(0, end)), value: rest.slice(end + 1).trim() };
}

/** A key ends at a colon that a space or the end of the line follows. */
function plainEnd(text: string): number {
  const at = text.indexOf(": ");
  return at < 0 && text.endsWith(":") ? text.length - 1 : at;
}

function unquoted(text: string): string {
  const [, single, double] = /^(?:'(.*)'|"(.*)")$/.exec(text) ?? [];
  return single?.replaceAll("''", "'") ?? double ?? text;
}
