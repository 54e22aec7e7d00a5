// Compares the predicted effects of RUN with a real shell: random command lists run in an empty folder, and the
// resulting files, sizes, links and names are compared. A RUN with unknown parts isn't compared.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { readRun } from "../../../dockerfile/semantics/files/readRun.ts";
import { lookUp } from "../../../dockerfile/semantics/files/tree/lookUp.ts";
import { listed, newTree, type FolderNode } from "../../../dockerfile/semantics/files/tree/tree.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

/** Entries by path: `file 3 a,b` with the names of the file, `link -> x`, `folder`. */
type Listing = Readonly<Record<string, string>>;

function predicted(script: string): Listing | undefined {
  const build = buildOf(`FROM scratch\nWORKDIR /w\nRUN <<'EOF'\n${script}\nEOF\n`);
  const run = build.file.stages[0]?.instructions[1];
  const tree = newTree();
  const after = { ...tree, root: withFolder(tree.root) };
  const effects = run && readRun(build, run, after);
  if (!run || effects === undefined || effects.gap !== undefined) return undefined;
  if (effects.commands.some(({ effect }) => effect === "other")) return undefined;
  const top = lookUp(after, "/w");
  assert.ok(top.state === "found" && top.node.kind === "directory");
  return listingOf(top.node);
}

function withFolder(root: FolderNode): FolderNode {
  const layer = {};
  return { ...root, entries: new Map([["w", { kind: "directory", entries: new Map(), layer }]]) };
}

function listingOf(top: FolderNode): Listing {
  const lines = new Map<string, string>();
  const names = new Map<object, string[]>();
  const visit = (folder: FolderNode, prefix: string): void => {
    for (const [name, node] of listed(folder)) {
      const path = prefix + name;
      if (node.kind === "directory") {
        lines.set(path, "folder");
        visit(node, `${path}/`);
      } else if (node.kind === "symlink") lines.set(path, `link -> ${node.target}`);
      else names.set(node, [...(names.get(node) ?? []), path]);
    }
  };
  visit(top, "");
  for (const [node, paths] of names)
    for (const path of paths)
      lines.set(path, `file ${"bytes" in node ? String(node.bytes) : ""} ${paths.toSorted().join()}`);
  return Object.fromEntries([...lines].sort());
}

function real(script: string): { readonly status: number | null; readonly listing: Listing } {
  const folder = mkdtempSync(join(tmpdir(), "run-"));
  try {
    const { status } = spawnSync("sh", ["-c", script], {
      cwd: folder,
      stdio: "ignore",
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
    });
    return { status, listing: listingOnDisk(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function listingOnDisk(top: string): Listing {
  const lines = new Map<string, string>();
  const names = new Map<number, string[]>();
  const sizes = new Map<number, number>();
  const visit = (folder: string, prefix: string): void => {
    for (const name of readdirSync(folder)) {
      const path = prefix + name;
      const stat = lstatSync(join(folder, name));
      if (stat.isDirectory()) {
        lines.set(path, "folder");
        visit(join(folder, name), `${path}/`);
      } else if (stat.isSymbolicLink()) lines.set(path, `link -> ${readlinkSync(join(folder, name))}`);
      else {
        names.set(stat.ino, [...(names.get(stat.ino) ?? []), path]);
        sizes.set(stat.ino, stat.size);
      }
    }
  };
  visit(top, "");
  for (const [inode, paths] of names)
    for (const path of paths) lines.set(path, `file ${sizes.get(inode)} ${paths.toSorted().join()}`);
  return Object.fromEntries([...lines].sort());
}

const path = fc.constantFrom(
  "a",
  "b",
  "d",
  "d/a",
  "d/b",
  "e",
  "e/d",
  "d/e",
  "e/d/a",
  "d/",
  "./d/../b",
  "*",
  "d/*",
  "$V",
);
const word = fc.constantFrom("x", "hello world", "", "$V", "\\$V");
const commands = fc.oneof(
  fc.tuple(fc.constantFrom("mkdir", "mkdir -p", "touch", "rm", "rm -f", "rm -r", "rm -rf", "rmdir", "touch -c"), path),
  fc.tuple(fc.constantFrom("mv", "cp", "cp -r", "cp -a", "ln", "cp -l", "mv -T", "cp -rT", "install -D"), path, path),
  fc.tuple(
    fc.constantFrom("truncate -s 10", "truncate -s +3", "chmod 600", "chmod -R u+w", "fallocate -l 7", "cp a b"),
    path,
  ),
  fc.tuple(fc.constantFrom("a", "d", "d/a", "e/d"), path).map(([target, at]) => [`ln -sf ${target} ${at}`]),
  fc.tuple(fc.constantFrom("a", "d", "d/a", "e/d"), path).map(([target, at]) => [`ln -s ${target} ${at}`]),
  fc.tuple(word, path).map(([text, to]) => [`echo "${text}" > ${to}`]),
  fc.tuple(word, path).map(([text, to]) => [`printf '%s\\n' ${text} >> ${to}`]),
  fc.tuple(path, path).map(([from, to]) => [`cat ${from} > ${to}`]),
  fc.constantFrom("a", "d/a", "e").map((from) => [`cat ${from} | tee -a tee > /dev/null`]),
  fc.tuple(path).map(([to]) => [`dd if=/dev/zero of=${to} bs=3 count=4 2>/dev/null`]),
  fc.tuple(path).map(([to]) => [`head -c 5 /dev/zero > ${to}`]),
  fc.tuple(path).map(([to]) => [`cd ${to}`]),
  fc.constantFrom(["V=d"], ["V=e/d"], ["V="], ["set -e"]),
  fc.constantFrom(
    ["find . -name a -delete"],
    ["find d -type f -exec chmod 644 {} +"],
    ["find . -type f -exec rm {} \\;"],
  ),
);
const line = fc.oneof(
  { weight: 6, arbitrary: commands.map((words) => words.join(" ")) },
  fc
    .tuple(commands, fc.constantFrom("&&", "||"), commands)
    .map(([a, operator, b]) => `${a.join(" ")} ${operator} ${b.join(" ")}`),
  fc
    .tuple(fc.constantFrom("-f", "-d", "-e", "-L", "! -e", "-s"), path, commands)
    .map(([flag, at, then]) => `if [ ${flag} ${at} ]; then ${then.join(" ")}; else touch z; fi`),
  fc.tuple(commands).map(([body]) => `for V in a d e; do ${body.join(" ")}; done`),
  fc.tuple(commands).map(([body]) => `(${body.join(" ")}; true)`),
  fc.tuple(commands).map(([body]) => `{ ${body.join(" ")}; }`),
);

const runs = process.env["RUN_REFERENCE_RUNS"];

test(
  "the predicted files are those that a shell leaves",
  { skip: process.platform === "linux" ? false : "needs GNU coreutils" },
  () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const script = [...lines, "true"].join("\n");
        const listing = predicted(script);
        if (!listing) return;
        compared++;
        const shell = real(script);
        assert.deepEqual({ status: shell.status, listing: shell.listing }, { status: 0, listing });
      }),
      // The same lists each time, unless more are requested to search for unforeseen cases.
      runs === undefined ? { numRuns: 120, seed: 7 } : { numRuns: Number(runs) },
    );
    assert.ok(compared > 30, `only ${compared} scripts were compared`);
  },
);
