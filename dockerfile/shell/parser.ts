import treeSitter from "@vscode/tree-sitter-wasm";
import type { ShellCommand, ShellParser, ShellScript, ShellWord } from "./shell.ts";
import { shellsInEffect, type EffectiveShell, type ShellInEffect } from "./inEffect.ts";
import { execSource, heredocSource, shellSource, type ShellSource } from "./source.ts";
import type { RawCommand, RawRange, RawScript } from "./rawScript.ts";
import { isShellReadingInput, rawScript } from "./tree.ts";
import type { RawWord } from "./words.ts";
import type { Dockerfile, Instruction, Span } from "../syntax/syntax.ts";

/** The two files of `@vscode/tree-sitter-wasm` that read shell text. */
export interface ShellAssets {
  /** `tree-sitter.wasm`. */
  readonly runtime: Uint8Array;
  /** `tree-sitter-bash.wasm`. */
  readonly bash: Uint8Array;
}

/**
 * Loads the grammar, which takes some 20 ms; once per process is enough. Rejects only if the bytes aren't such files.
 */
export async function createShellParser(assets: ShellAssets): Promise<ShellParser> {
  const options = { wasmBinary: assets.runtime, locateFile: (name: string) => name };
  await treeSitter.Parser.init(options);
  const parser = new treeSitter.Parser();
  parser.setLanguage(await treeSitter.Language.load(assets.bash));
  const scripts = new WeakMap<Instruction, ShellScript>();
  const shells = new WeakMap<Dockerfile, ShellInEffect>();
  const shellAt = (instruction: Instruction, file: Dockerfile): EffectiveShell => {
    let inFile = shells.get(file);
    if (!inFile) shells.set(file, (inFile = shellsInEffect(file)));
    return inFile(instruction);
  };
  const parse = cachedByText((text) => rawScript(parser, text));
  const read = (source: InstructionSource | undefined, file: Dockerfile): ShellScript | undefined => {
    if (!source) return undefined;
    let script = scripts.get(source.instruction);
    if (!script) scripts.set(source.instruction, (script = scriptOf(source, file.text, parse)));
    return script;
  };
  return {
    script: (instruction, file) => read(sourceOf(instruction, file, shellAt), file),
    execCommand: (instruction, file) => read(execSourceOf(instruction), file),
  };
}

type InstructionSource = ShellSource & { readonly instruction: Instruction };

const noCommands: RawScript = { commands: [], pipes: [], hasErrors: true, unread: "long" };

// Texts are kept between versions of a file: a keystroke then parses one RUN instead of all.
const maxCachedCharacters = 4 * 1024 * 1024;

// Far above any real RUN; the tree of a longer one would take hundreds of megabytes.
const maxScriptCharacters = 512 * 1024;

function sourceOf(
  instruction: Instruction,
  file: Dockerfile,
  shellAt: (instruction: Instruction, file: Dockerfile) => EffectiveShell,
): InstructionSource | undefined {
  const inner = instruction.trigger ?? instruction;
  if (inner.trigger) return undefined;
  const source = shellSource(inner, shellAt(instruction, file), file.text);
  return source && { ...source, instruction: inner };
}

function execSourceOf(instruction: Instruction): InstructionSource | undefined {
  const inner = instruction.trigger ?? instruction;
  const source = execSource(inner);
  return source && { ...source, instruction: inner };
}

function cachedByText(parse: (text: string) => RawScript): (text: string) => RawScript {
  const cache = new Map<string, RawScript>();
  let characters = 0;
  return (text) => {
    if (text.length > maxScriptCharacters) return noCommands;
    const known = cache.get(text);
    if (known) {
      cache.delete(text);
      cache.set(text, known);
      return known;
    }
    const script = parse(text);
    cache.set(text, script);
    characters += text.length;
    for (const oldest of cache.keys()) {
      if (characters <= maxCachedCharacters) break;
      cache.delete(oldest);
      characters -= oldest.length;
    }
    return script;
  };
}

type Parse = (text: string) => RawScript;

function scriptOf(source: ShellSource, file: string, parse: Parse): ShellScript {
  const raw = parse(source.text);
  const scripts = raw.commands.map((command) => inputScripts(placed(command, source), source, file, parse));
  const unread = raw.unread ?? scripts.find((script) => script.unread)?.unread;
  return {
    commands: scripts.flatMap(({ commands }) => commands),
    pipes: [...raw.pipes.map(({ start, end }) => spanOf(source, start, end)), ...scripts.flatMap(({ pipes }) => pipes)],
    hasErrors: raw.hasErrors || scripts.some(({ hasErrors }) => hasErrors),
    ...(unread && { unread }),
    form: source.form,
    end: source.end,
  };
}

/** The scripts that a command reads: `bash <<EOF` runs the heredoc's lines. */
function inputScripts(
  command: ShellCommand,
  source: ShellSource,
  file: string,
  parse: Parse,
): Pick<ShellScript, "commands" | "pipes" | "hasErrors" | "unread"> {
  const inputs = command.redirections.flatMap(({ span }) => source.inputs.get(span.start) ?? []);
  if (inputs.length === 0) return { commands: [command], pipes: [], hasErrors: false };
  const redirections = command.redirections.map((it) =>
    source.inputs.has(it.span.start) ? { operator: "<<", span: it.span } : it,
  );
  const body = inputs.at(-1);
  const inner = body && isShellReadingInput(command) ? scriptOf(heredocSource(body, file), file, parse) : undefined;
  const nested =
    inner?.commands.map((it): ShellCommand => ({ ...it, nesting: [...command.nesting, "script", ...it.nesting] })) ??
    [];
  return {
    commands: [{ ...command, redirections }, ...nested],
    pipes: inner?.pipes ?? [],
    hasErrors: inner?.hasErrors ?? false,
    ...(inner?.unread && { unread: inner.unread }),
  };
}

/** Maps a command to the position of its text in the file. */
function placed(raw: RawCommand, source: ShellSource): ShellCommand {
  const span = ({ start, end }: RawRange): Span => spanOf(source, start, end);
  const word = ({ value, isLiteral, ...range }: RawWord): ShellWord => ({ value, isLiteral, span: span(range) });
  return {
    ...(raw.name !== undefined && { name: raw.name }),
    nameSpan: span(raw.nameRange),
    assignments: raw.assignments.map(({ name, value, ...range }) => ({
      name,
      ...(value && { value: word(value) }),
      span: span(range),
    })),
    arguments: raw.arguments.map(word),
    redirections: raw.redirections.map(({ operator, target, ...range }) => ({
      operator,
      ...(target && { target: word(target) }),
      span: span(range),
    })),
    span: span(raw),
    joinedBy: raw.joinedBy,
    nesting: raw.nesting,
  };
}

function spanOf({ offsetAt }: ShellSource, start: number, end: number): Span {
  // The end is after the last character: a continuation after it isn't part of the word.
  return { start: offsetAt(start), end: end > start ? offsetAt(end - 1) + 1 : offsetAt(start) };
}
