import assert from "node:assert/strict";
import { test } from "node:test";
import { createFileSystems } from "../../../oci/layers/fileSystem.ts";
import { readPackageSizes } from "../../../oci/layers/packageSizes.ts";
import { formatPackageSizes, parsePackageSizes } from "../../../oci/packages/packageSizes.ts";
import { archiveFolder } from "../../support/images/archiveFolder.ts";
import { legacySave, type ArchiveImage } from "../../support/images/archiveFiles.ts";

const { signal } = new AbortController();
const { openFiles } = archiveFolder();

const stanza = (name: string): string =>
  `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n`;
const info = "var/lib/dpkg/info";
const base = {
  "etc/dpkg/dpkg.cfg.d/docker": "path-exclude /usr/share/doc/*\n",
  lib: "-> usr/lib",
  "usr/bin/a": "12345",
  "usr/bin/linked": "=> usr/bin/a",
  "usr/lib/python3/a.py": "123",
  "usr/lib/python3/__pycache__/a.cpython-311.pyc": "1234567",
};

async function sizesOf(image: ArchiveImage) {
  const archive = await openFiles(legacySave(image));
  const found = await archive.image("", {}, signal);
  assert.ok(found.ok);
  const request = { source: archive, image: found.value, fileSystems: createFileSystems() };
  const sizes = await readPackageSizes(request, () => undefined, signal);
  return sizes.ok ? sizes.value : assert.fail(sizes.error.message);
}

test("a package's size counts its regular files without excluded ones, and byte code separately", async () => {
  const list =
    "/.\n/lib\n/usr\n/usr/bin\n/usr/bin/a\n/usr/bin/linked\n/lib/python3\n/usr/lib/python3/a.py\n/usr/share/doc/a\n";
  const { profile, packages } = await sizesOf({
    layers: [{ ...base, "var/lib/dpkg/status": stanza("a"), [`${info}/a.list`]: list, [`${info}/a.md5sums`]: "12" }],
  });
  assert.equal(profile, "exclude /usr/share/doc/*");
  assert.deepEqual(packages, [
    {
      name: "a",
      version: "1",
      architecture: "amd64",
      bytes: 8,
      infoBytes: list.length + 2,
      pythonBytes: 3,
      byteCodeBytes: 7,
    },
  ]);
});

test("lists of missing folders that packages share will be rewritten", async () => {
  const lists = ["a", "b", "c", "d"].map(
    (name) => [`${info}/${name}.list`, `/usr/share/${name}\n/usr/share/lost\n`] as const,
  );
  const { lostListBytes } = await sizesOf({
    layers: [
      {
        ...base,
        "var/lib/dpkg/status": ["a", "b", "c", "d"].map(stanza).join("\n"),
        ...Object.fromEntries(lists),
        [`${info}/d.list`]: "/usr/share/d\n",
      },
    ],
  });
  assert.equal(lostListBytes, 3 * "/usr/share/a\n".length);
});

test("a package whose files were changed or removed later is not measured", async () => {
  const { packages } = await sizesOf({
    layers: [
      {
        ...base,
        "var/lib/dpkg/status": ["a", "b", "c:amd64"].map((name) => stanza(name.replace(/:.*/, ""))).join("\n"),
        [`${info}/a.list`]: "/usr/bin/a\n",
        [`${info}/b.list`]: "/usr/bin/gone\n",
        [`${info}/c:amd64.list`]: "/usr/lib/python3/a.py\n",
      },
      { "usr/bin/a": "changed" },
    ],
  });
  assert.deepEqual(
    packages.map(({ name }) => name),
    ["c"],
  );
});

test("package sizes survive as text, and other text is rejected", () => {
  const it = {
    name: "a",
    version: "1:2-3",
    architecture: "all",
    bytes: 5,
    infoBytes: 4,
    pythonBytes: 3,
    byteCodeBytes: 2,
  };
  const sizes = { profile: 'exclude "x"\ninclude y', packages: [it], lostListBytes: 0 };
  assert.deepEqual(parsePackageSizes(formatPackageSizes(sizes)), sizes);
  assert.deepEqual(parsePackageSizes('"full"\na\t1\tall\t-5\t0\t0\t0\nb\t1'), {
    profile: "full",
    packages: [],
    lostListBytes: 0,
  });
  assert.equal(parsePackageSizes("something else"), undefined);
});
