import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "corpus");

/** Every input that ever failed a target, by its file name. */
export function corpusOf(target: string): ReadonlyMap<string, Buffer> {
  const own = join(folder, target);
  if (!existsSync(own)) return new Map();
  return new Map(readdirSync(own).map((name) => [name, readFileSync(join(own, name))]));
}

/** Stores an input; returns its path. */
export function keepInput(target: string, input: Buffer): string {
  mkdirSync(join(folder, target), { recursive: true });
  const path = join(folder, target, createHash("sha256").update(input).digest("hex").slice(0, 16));
  writeFileSync(path, input);
  return path;
}
