import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { MeasuredPackage } from "../../../../dockerfile/size/apt/bytes/measuredPackages.ts";
import { predictApt, type PredictedSize } from "../../../../dockerfile/size/apt/predict.ts";
import { stageOf, type AptRun, type AptStage } from "../../../../dockerfile/size/apt/stage.ts";
import type { PackageSize } from "../../../../oci/packages/packageSizes.ts";
import { imageWith, indexFor, type ImageFiles, type Suites } from "./repository.ts";

const suites: Suites = {
  stable: [
    "curl 7 Installed-Size: 500; Size: 300000; Depends: libcurl4; Recommends: ca-certificates",
    "libcurl4 7 Installed-Size: 800; Size: 400000; Section: libs",
    "ca-certificates 1 Installed-Size: 400; Size: 150000; Depends: debconf",
    "debconf 1 Installed-Size: 500",
    "texlive-base 1 Installed-Size: 90000",
  ],
};

const dockerClean =
  'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\nAcquire::Languages "none";\n';

const image: ImageFiles = { installed: ["debconf 1"], files: { "/etc/apt/apt.conf.d/docker-clean": dockerClean } };

suite("the prediction for a RUN with apt", () => {
  test("a prediction has bounds, and its contributors add up to it", () => {
    const it = predicted("apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*");
    assert.ok(it.low < it.likely && it.likely < it.high);
    const sum = it.contributors.reduce((total, { bytes }) => total + bytes, 0);
    assert.ok(Math.abs(sum - it.likely) <= it.contributors.length, `${sum} of ${it.likely}`);
    assert.equal(it.packageCount, 3);
  });

  test("a prediction is exact for packages whose sizes were learned under the same path rules", () => {
    const learned: AptRun["learned"] = ({ name, version }, profile) =>
      name === "curl" && version === "7" && profile === "full" ? counted(123_456) : undefined;
    const it = predicted("apt-get install --no-install-recommends curl", { learned });
    assert.deepEqual(it.contributors.find(({ label }) => label === "curl")?.bytes, 123_456);
    assert.equal(it.trust.learned, 123_456);
  });

  test("a prediction never uses a size learned under other path rules", () => {
    const slim = {
      ...image,
      files: { ...image.files, "/etc/dpkg/dpkg.cfg.d/docker": "path-exclude /usr/share/doc/*\n" },
    };
    const learned: AptRun["learned"] = (_it, profile) => (profile === "full" ? counted(1) : undefined);
    assert.equal(predicted("apt-get install curl", { learned }, slim).trust.learned, 0);
  });

  test("measured compositions are used in proportion, without the parts that the image excludes", () => {
    const composition = { all: 500_000, doc: 100_000, man: 0, locale: 0, other: 0, python: 0, info: 1000 };
    const measured = new Map<string, MeasuredPackage>([["curl", { installedBytes: 500 * 1024, composition }]]);
    const bytesIn = (of: ImageFiles): number | undefined =>
      predicted("apt-get install curl", { measured }, of).contributors.find(({ label }) => label === "curl")?.bytes;
    assert.equal(bytesIn(image), 500_000);
    const withoutDocs = { "/etc/dpkg/dpkg.cfg.d/docker": "path-exclude=/usr/share/doc/*\n" };
    assert.equal(bytesIn({ ...image, files: { ...image.files, ...withoutDocs } }), 400_000);
  });

  test("Debian's measurements aren't used for a distribution with packages of the same names", () => {
    const composition = { all: 500_000, doc: 0, man: 0, locale: 0, other: 0, python: 0, info: 1000 };
    const measured = new Map<string, MeasuredPackage>([["curl", { installedBytes: 500 * 1024, composition }]]);
    const { suites: debian } = indexFor(imageWith(image, suites), suites);
    const index = { suites: debian.map((it) => ({ ...it, release: { ...it.release, origin: "Ubuntu" } })) };
    const base = { ...imageWith(image, suites), sources: index.suites.map(({ source }) => source) };
    assert.equal(predicted("apt-get install curl", { measured, index, stage: stageOf(base) }).trust.measured, 0);
  });

  test("a prediction names useless files and possible savings", () => {
    const it = predicted("apt-get update && apt-get install -y curl");
    assert.deepEqual(
      it.leftBehind.map(({ what }) => what),
      ["lists"],
    );
    assert.deepEqual(
      it.savings.map(({ change }) => change),
      ["no-install-recommends", "remove-lists"],
    );
  });

  test("the .debs are kept unless docker-clean or apt-get clean removes them", () => {
    const plain: ImageFiles = { installed: ["debconf 1"] };
    const left = (command: string): readonly string[] =>
      predicted(command, {}, plain).leftBehind.map(({ what }) => what);
    assert.deepEqual(left("apt-get install curl"), ["archives", "caches"]);
    assert.deepEqual(left("apt-get install curl && apt-get clean"), []);
    assert.deepEqual(left("apt-get install curl && rm -rf /var/cache/apt/*"), []);
    assert.deepEqual(left("apt-get install curl && rm -f /var/cache/apt/archives/*.deb"), ["caches"]);
  });

  test("files in a cache mount aren't counted", () => {
    const cacheMounts = new Set(["lists", "archives", "caches"] as const);
    assert.deepEqual(predicted("apt-get update && apt-get install curl", { cacheMounts }, {}).leftBehind, []);
  });

  test("a prediction is small if packages are removed again", () => {
    const it = predicted("apt-get install -y curl && apt-get purge -y --auto-remove curl");
    assert.equal(it.packageCount, 0);
    assert.ok(it.likely > 700_000 && it.likely < 900_000, String(it.likely));
  });

  test("a RUN without packages adds nothing, and its other commands are listed", () => {
    const it = predicted("rm -rf /var/lib/apt/lists/* && make install && apt-get check");
    assert.deepEqual([it.low, it.likely, it.high, it.otherCommands], [0, 0, 0, [1]]);
  });
});

suite("the prediction for the next RUN", () => {
  const next = (first: string, second: string): PredictedSize => {
    const { after } = predicted(first);
    return predicted(second, { stage: after });
  };

  test("only missing packages are installed", () => {
    assert.equal(next("apt-get install curl", "apt-get install curl libcurl4").packageCount, 0);
  });

  test("lists from an earlier RUN aren't added again", () => {
    assert.deepEqual(next("apt-get update", "apt-get update").leftBehind, []);
    const removed = next("apt-get update && rm -rf /var/lib/apt/lists/*", "apt-get update");
    assert.deepEqual(
      removed.leftBehind.map(({ what }) => what),
      ["lists"],
    );
  });
});

suite("package lists of the base image", () => {
  const base = imageWith(image, suites);
  const folder = "/var/lib/apt/lists/repo.example_debian_dists_stable_";
  const raw = indexFor(base, suites).suites[0]?.components[0]?.rawBytes ?? 0;
  /** The bytes left in the layer, on a base with this list of packages and a Release file of 1000 bytes. */
  const listsLeft = (packagesBytes: number, ...commands: readonly string[]): number => {
    const files = new Map([
      [`${folder}main_binary-amd64_Packages`, packagesBytes],
      [`${folder}InRelease`, 1000],
    ]);
    let stage = stageOf({ ...base, files });
    let left = 0;
    for (const command of commands) {
      const it = predicted(command, { stage });
      left = it.leftBehind.find(({ what }) => what === "lists")?.bytes ?? 0;
      stage = it.after;
    }
    return left;
  };

  test("an update leaves no list that the base image has already", () => {
    assert.equal(listsLeft(raw, "apt-get update"), 0);
  });

  test("an update writes a list again that has changed since the base image was made", () => {
    assert.equal(listsLeft(raw - 1, "apt-get update"), raw);
    assert.equal(listsLeft(raw - 1, "apt-get update", "apt-get update"), 0);
  });

  test("an update after the lists were removed writes all of them", () => {
    assert.equal(listsLeft(raw, "rm -rf /var/lib/apt/lists/* && apt-get update"), raw + 1000);
    assert.equal(listsLeft(raw, "rm -rf /var/lib/apt/lists/*", "apt-get update"), raw + 1000);
  });
});

suite("a prediction is refused", () => {
  test("names that apt doesn't know are refused, with a similar one", () => {
    assert.equal(
      reasonFor("apt-get install crul && apt-get install x"),
      "apt would fail: crul is not in the package index; did you mean curl?",
    );
  });

  for (const [command, reason] of [
    ["apt-get install ./x.deb", "the size of ./x.deb is not in any index"],
    ["apt-get install 'lib*'", "patterns such as lib* aren't covered"],
    ["apt-get install $PACKAGES", "$PACKAGES is known only during the build"],
    ["apt-get build-dep curl", "apt-get build-dep isn't covered"],
    ["apt-get install -y --reinstall curl", "reinstalling packages isn't covered"],
    ["dpkg -i x.deb", "no index lists the size of what dpkg changes"],
    ["apt-get install texlive-base", "the scripts of texlive-base make files of unknown size"],
    ["apt-get hasOwnProperty", "apt-get hasOwnProperty isn't covered"],
  ] as const)
    test(`${command} isn't predicted`, () => assert.equal(reasonFor(command), reason));

  test("a missing index of a source is refused", () => {
    const base = imageWith(image, { stable: [], other: [] });
    const run = { commands: [], stage: stageOf(base), index: { suites: [] }, measured: new Map() };
    const it = predictApt(run);
    assert.equal(
      it.state === "unknown" && it.reason,
      "the index of stable at http://repo.example/debian is not available",
    );
  });

  test("an unsupported pin is refused", () => {
    const files = { ...image.files, "/etc/apt/preferences": "Package: /x/\nPin: version 1\nPin-Priority: 1\n" };
    assert.match(reasonFor("apt-get install curl", { ...image, files }), /a pin in apt's preferences/);
  });

  test("excluded folders other than those measured are refused", () => {
    const files = { ...image.files, "/etc/dpkg/dpkg.cfg.d/x": "path-exclude /usr/lib/debug/*\n" };
    assert.match(reasonFor("apt-get install curl", { ...image, files }), /leaves out \/usr\/lib\/debug/);
  });

  test("500 names, half of them misspelt, are refused in little time", () => {
    const names = Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? `crul${i}` : "curl"));
    assert.match(reasonFor(`apt-get install ${names.join(" ")}`), /, and 247 more$/);
  });
});

function counted(bytes: number): PackageSize {
  return {
    name: "curl",
    version: "7",
    architecture: "amd64",
    bytes,
    infoBytes: 2000,
    pythonBytes: 0,
    byteCodeBytes: 0,
  };
}

function predict(command: string, run: Partial<AptRun>, of: ImageFiles) {
  const base = imageWith(of, suites);
  const stage: AptStage = run.stage ?? stageOf(base);
  const commands = command.split(" && ").map((text) => {
    const [program = "", ...args] = text.split(" ").map((word) => word.replaceAll("'", ""));
    return { program, args };
  });
  return predictApt({ commands, stage, index: indexFor(stage.base, suites), measured: new Map(), ...run });
}

function predicted(command: string, run: Partial<AptRun> = {}, of: ImageFiles = image): PredictedSize {
  const it = predict(command, run, of);
  if (it.state === "unknown") return assert.fail(it.reason);
  return it;
}

function reasonFor(command: string, of: ImageFiles = image): string {
  const it = predict(command, {}, of);
  return it.state === "unknown" ? it.reason : assert.fail(`${command} is predicted`);
}
