// Each source of bytes other than package files, compared with builds of Debian 12 (2026-11-30).
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  byteCodeBytes,
  certificateBytes,
  debconfAfter,
  debconfBytes,
  generatedBytes,
  infoBytes,
  libraryCacheBytes,
  logBytes,
  overheadsOf,
  recordBytes,
  statusBytes,
  unpredictableAmong,
  type Unpacking,
} from "../../../../../dockerfile/size/apt/bytes/overhead.ts";
import { addRanges, type ByteRange } from "../../../../../dockerfile/size/apt/bytes/range.ts";
import { systemOf } from "../../../../../dockerfile/size/apt/resolve/operations.ts";
import { imageWith } from "../repository.ts";

suite("bytes in addition to packages", () => {
  test("dpkg's status is counted twice, as it was and with the new packages", () => {
    const it = unpacking(["wget 1", "libpcre2-8-0 1"], { statusBytes: 77_102, stanzaLength: 1550 });
    assertHolds(statusBytes(it), 158_805);
    assertHolds(statusBytes({ ...unpacking([], { statusBytes: 110_700 }), removedBelow: 41 }), 187_218);
  });

  test("dpkg's info files are counted per package", () => {
    assertHolds(infoBytes(unpacking(["wget 1", "libpcre2-8-0 1"], { infoBytes: 7205 })), 14_414);
  });

  test("dpkg may rewrite its lists if it excludes folders", () => {
    const installed = Array.from({ length: 88 }, (_, i) => `base${i} 1`);
    assertHolds(infoBytes(unpacking(["hello 1"], { infoBytes: 8004, leavesOutFiles: true, installed })), 210_281);
  });

  test("dpkg rewrites the lists of packages whose shared folder is gone, if a new one has it", () => {
    const before = { ...unpacking([]).before, lostListBytes: 202_306 };
    const rewritten = (count: number): ByteRange =>
      infoBytes({ ...unpacking(packages(count), { infoBytes: 0 }), before });
    assert.deepEqual(rewritten(1), { low: 0, likely: 0, high: 202_306 });
    assert.deepEqual(rewritten(4), { low: 0, likely: 202_306, high: 202_306 });
    assert.deepEqual(rewritten(18), { low: 202_306, likely: 202_306, high: 202_306 });
  });

  test("debconf's database is written once, and twice with a package that asks questions", () => {
    assertHolds(debconfBytes(unpacking(["wget 1"])), 757_558);
    assertHolds(debconfBytes(unpacking(["ca-certificates 1 Depends: debconf (>= 0.5) | debconf-2.0"])), 1_555_981);
  });

  test("an upgrade of a package with questions doesn't add a question", () => {
    const it = unpacking(["libpam0g 2 Depends: debconf"], { isUpgrade: true });
    assertHolds(debconfBytes(it), 1_515_116);
    assert.equal(debconfBytes(it).likely, 1_515_116);
  });

  test("logs grow with every package added or removed", () => {
    assertHolds(logBytes(unpacking(packages(42))), 30_162);
    assertHolds(logBytes({ ...unpacking([]), unpackings: 41, removed: 41 }), 49_707);
    assertHolds(logBytes({ ...unpacking(packages(6)), before: { ...unpacking([]).before, logBytes: 22_092 } }), 25_907);
  });

  test("a removal alone writes status, debconf, logs and apt's records", () => {
    const before = {
      statusBytes: 133_924,
      logBytes: 53_219,
      debconfBytes: 797_558,
      debconfSpread: 40_000,
      leavesOutFiles: true,
    };
    const installed = Array.from({ length: 147 }, (_, i) => `base${i} 1`);
    const purge = { ...unpacking([], { installed }), removed: 1, removedBelow: 1, before };
    assertHolds(recordBytes(purge), 7308);
    assertHolds(addRanges(overheadsOf(purge).map(({ bytes }) => bytes)), 1_128_041 - 3291);
  });

  test("debconf's database grows by the questions of new packages", () => {
    const it = debconfAfter(unpacking(["ca-certificates 1 Depends: debconf"]));
    assert.ok(Math.abs(it.debconfBytes - 798_423) < it.debconfSpread);
  });

  test("the cache of libraries is only rebuilt for libraries", () => {
    assertHolds(libraryCacheBytes(unpacking(["wget 1", "libpcre2-8-0 1"])), 4579 + 4619);
    assert.equal(libraryCacheBytes(unpacking(["hello 1"])).likely, 0);
  });

  test("ca-certificates creates a bundle, and Java's store creates another", () => {
    assertHolds(certificateBytes(unpacking(["ca-certificates 1"])), 222_073 + 6349);
    assertHolds(certificateBytes(unpacking(["ca-certificates 1", "ca-certificates-java 1"])), 389_299 + 6349);
    assert.equal(certificateBytes(unpacking(["curl 1"])).likely, 0);
  });

  test("Python sources are compiled if Python is installed", () => {
    const library = unpacking(["python3-minimal 1 Source: python3.11"], { pythonBytes: 10_359_863 });
    assertHolds(byteCodeBytes(library), 11_606_723);
    const pip = unpacking(["python3-pip 1"], { pythonBytes: 5_851_370, installed: ["python3-minimal 1"] });
    assertHolds(byteCodeBytes(pip), 7_106_517);
    assert.equal(byteCodeBytes(unpacking(["gdb 1"], { pythonBytes: 1000 })).likely, 0);
  });

  test("scripts create databases, MIME types and hardware tables", () => {
    assertHolds(generatedBytes(unpacking(["postgresql-15 1"])), 40_071_890);
    assertHolds(generatedBytes(unpacking(["mariadb-server 1"])), 118_179_337);
    assertHolds(generatedBytes(unpacking(["shared-mime-info 1"])), 2_699_833);
    assertHolds(generatedBytes(unpacking(["udev 1"])), 13_027_334);
    assertHolds(generatedBytes(unpacking(["man-db 1", "systemd 1"])), 886_927);
  });

  test("scripts that download or compile are named", () => {
    const it = unpacking(["texlive-base 1", "nvidia-dkms 1", "curl 1"]);
    assert.deepEqual(unpredictableAmong(it.unpacked), ["texlive-base", "nvidia-dkms"]);
  });

  test("nothing is written without a change", () => {
    assert.deepEqual(overheadsOf(unpacking([])), []);
  });
});

interface Given {
  readonly statusBytes?: number;
  readonly stanzaLength?: number;
  readonly infoBytes?: number;
  readonly pythonBytes?: number;
  readonly isUpgrade?: boolean;
  readonly leavesOutFiles?: boolean;
  readonly installed?: readonly string[];
}

/** Unpacked packages that are all alike. */
function unpacking(unpacked: readonly string[], given: Given = {}): Unpacking {
  const system = systemOf(imageWith({ installed: [...unpacked, ...(given.installed ?? [])] }, {}));
  const names = new Set(unpacked.map((line) => line.split(" ")[0]));
  const entries = [...system.entries()].filter(({ it }) => names.has(it.name));
  return {
    after: system,
    unpacked: entries.map((entry) => ({
      entry: { ...entry, it: { ...entry.it, stanzaLength: given.stanzaLength ?? 1000 } },
      isUpgrade: given.isUpgrade ?? false,
      pythonBytes: given.pythonBytes ?? 0,
      infoBytes: given.infoBytes ?? 2000,
    })),
    unpackings: entries.length,
    removed: 0,
    removedBelow: 0,
    before: {
      statusBytes: given.statusBytes ?? 77_102,
      logBytes: 0,
      debconfBytes: 757_558,
      debconfSpread: 0,
      leavesOutFiles: given.leavesOutFiles ?? false,
    },
  };
}

function packages(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `p${i} 1`);
}

function assertHolds({ low, likely, high }: ByteRange, seen: number): void {
  assert.ok(low <= seen && seen <= high, `${seen} is not in ${low}–${high}, likely ${likely}`);
}
