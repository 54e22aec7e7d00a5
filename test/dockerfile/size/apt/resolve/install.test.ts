// Packages that apt would install, upgrade and remove. Each claim was observed with apt 2.6 or is in apt's manual
// pages.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseAptCommand } from "../../../../../dockerfile/size/apt/command.ts";
import { runOperation, systemOf } from "../../../../../dockerfile/size/apt/resolve/operations.ts";
import type { System } from "../../../../../dockerfile/size/apt/resolve/system.ts";
import { imageWith, indexFor, type ImageFiles, type Suites } from "../repository.ts";

suite("planning an install", () => {
  test("dependencies are installed, the first alternative of each", () => {
    const stable = ["a 1 Depends: b | c, d (>= 2)", "b 1", "c 1", "d 2"];
    check("apt-get install a", { stable }, "+a=1 +b=1 +d=2");
  });

  test("an alternative that is already installed is enough", () => {
    check("apt-get install a", { stable: ["a 1 Depends: b | c", "b 1", "c 1"] }, "+a=1", { installed: ["c 1"] });
  });

  test("an alternative named on the command line is enough", () => {
    check("apt-get install a c", { stable: ["a 1 Depends: b | c", "b 1", "c 1"] }, "+a=1 +c=1");
  });

  test("an alternative whose own dependencies can't be met is skipped", () => {
    check("apt-get install a", { stable: ["a 1 Depends: b | c", "b 1 Depends: gone", "c 1"] }, "+a=1 +c=1");
  });

  test("a virtual package is satisfied by a provider", () => {
    check("apt-get install a", { stable: ["a 1 Depends: mta", "exim 1 Provides: mta"] }, "+a=1 +exim=1");
  });

  test("only a versioned Provides satisfies a versioned dependency", () => {
    const stable = ["a 1 Depends: v (>= 2)", "p 1 Provides: v", "q 1 Provides: v (= 3)"];
    check("apt-get install a", { stable }, "+a=1 +q=1");
  });

  test("a virtual package with one provider can be named, one with several can't", () => {
    check("apt-get install v", { stable: ["p 1 Provides: v"] }, "+p=1");
    check("apt-get install v", { stable: ["p 1 Provides: v", "q 1 Provides: v"] }, "v is not in the package index");
  });

  test("recommendations are installed unless the command or the configuration says otherwise", () => {
    const stable = ["a 1 Recommends: b, gone", "b 1"];
    check("apt-get install a", { stable }, "+a=1 +b=1");
    check("apt-get install --no-install-recommends a", { stable }, "+a=1");
    check("apt-get -o APT::Install-Recommends=0 install a", { stable }, "+a=1");
    const files = { "/etc/apt/apt.conf.d/00x": 'APT::Install-Recommends "false";' };
    check("apt-get install a", { stable }, "+a=1", { files });
    check("apt-get install --install-recommends a", { stable }, "+a=1 +b=1", { files });
  });

  test("a dependency on a newer version upgrades the installed one, without its recommendations", () => {
    const stable = ["a 1 Depends: b (>= 2)", "b 2 Recommends: c", "c 1"];
    check("apt-get install a", { stable }, "+a=1 +b=2", { installed: ["b 1"] });
  });

  test("an installed dependency from the same source is also upgraded", () => {
    const stable = ["xz-utils 2 Depends: liblzma5 (>= 1)", "liblzma5 2 Source: xz-utils"];
    check("apt-get install xz-utils", { stable }, "+liblzma5=2 +xz-utils=2", {
      installed: ["liblzma5 1 Source: xz-utils"],
    });
  });

  test("an upgrade also upgrades installed packages that would break", () => {
    const stable = ["a 1 Depends: b (>= 2)", "b 2", "c 2 Depends: b (= 2)"];
    const installed = ["b 1", "c 1 Depends: b (= 1)"];
    check("apt-get install a", { stable }, "+a=1 +b=2 +c=2", { installed });
  });

  test("a conflict removes the installed package", () => {
    check("apt-get install a", { stable: ["a 1 Conflicts: b"] }, "+a=1 -b", { installed: ["b 1"] });
  });

  test("Breaks for an old version upgrades it", () => {
    check("apt-get install a", { stable: ["a 1 Breaks: b (<< 2)", "b 2"] }, "+a=1 +b=2", { installed: ["b 1"] });
  });

  test("a package installed in its newest version changes nothing", () => {
    check("apt-get install a", { stable: ["a 1"] }, "", { installed: ["a 1"] });
  });

  test("circular dependencies terminate", () => {
    check("apt-get install a", { stable: ["a 1 Depends: b", "b 1 Depends: a"] }, "+a=1 +b=1");
  });

  test("a name that doesn't exist is reported with a similar one", () => {
    check("apt-get install pyhton3", { stable: ["python3 1"] }, "pyhton3 is not in the package index (python3)");
  });

  test("an unmet dependency is reported with the package that needs it", () => {
    check(
      "apt-get install a",
      { stable: ["a 1 Depends: b (>= 2)", "b 1"] },
      "a depends on b (>= 2), which can't be installed",
    );
  });

  test("a version and a release can be named, and a minus removes", () => {
    const suites = { stable: ["a 1", "a 2"], backports: ["a 3"] };
    check("apt-get install a=1", suites, "+a=1");
    check("apt-get install a/backports", suites, "+a=3");
    check("apt-get install a=9", suites, "a version 9 is not in the package index");
    check("apt-get install a b-", suites, "+a=2 -b", { installed: ["b 1"] });
  });

  test("a plus at the end of a name may be part of it", () => {
    check("apt-get install g++ a+", { stable: ["g++ 12", "a 1"] }, "+a=1 +g++=12");
  });
});

suite("priorities of versions", () => {
  const suites = { stable: ["a 1"], backports: ["a 2"] };

  test("backports are used only if requested", () => {
    check("apt-get install a", suites, "+a=1");
    check("apt-get install -t backports a", suites, "+a=2");
    check("apt-get install -tbackports a", suites, "+a=2");
    check("apt-get -o APT::Default-Release=backports install a", suites, "+a=2");
  });

  test("an installed backport is upgraded from backports", () => {
    check("apt-get upgrade", { stable: ["a 1"], backports: ["a 3"] }, "+a=3", { installed: ["a 2"] });
  });

  test("a pin on a package prefers a version, and a negative one forbids all", () => {
    const pin = (text: string): ImageFiles => ({ files: { "/etc/apt/preferences.d/x": text } });
    const stable = ["a 1", "a 2"];
    check("apt-get install a", { stable }, "+a=1", pin("Package: a\nPin: version 1*\nPin-Priority: 900\n"));
    check(
      "apt-get install a",
      { stable },
      "a is not in the package index",
      pin("Package: a\nPin: release a=stable\nPin-Priority: -1\n"),
    );
    check("apt-get install a", suites, "+a=2", pin("Package: *\nPin: release n=backports\nPin-Priority: 600\n"));
  });

  test("only a priority of 1000 downgrades", () => {
    const downgrade = (priority: number): ImageFiles => ({
      installed: ["a 2"],
      files: { "/etc/apt/preferences": `Package: a\nPin: version 1\nPin-Priority: ${priority}\n` },
    });
    check("apt-get install a", { stable: ["a 1"] }, "", downgrade(999));
    check("apt-get install a", { stable: ["a 1"] }, "+a=1", downgrade(1000));
  });
});

suite("planning an upgrade", () => {
  const installed = ["a 1", "b 1"];
  const stable = ["a 2 Depends: new", "b 2", "new 1"];

  test("apt-get upgrade holds back packages that need a new one", () => {
    check("apt-get upgrade", { stable }, "+b=2", { installed });
  });

  test("apt upgrade, --with-new-pkgs and dist-upgrade install new packages", () => {
    for (const command of [
      "apt upgrade",
      "apt-get upgrade --with-new-pkgs",
      "apt-get dist-upgrade",
      "apt full-upgrade",
    ])
      check(command, { stable }, "+a=2 +b=2 +new=1", { installed });
  });

  test("a held package stays", () => {
    const files = {
      "/var/lib/dpkg/status": "Package: b\nVersion: 1\nArchitecture: amd64\nStatus: hold ok installed\n",
    };
    check("apt-get upgrade", { stable }, "", { files });
  });
});

suite("planning a removal", () => {
  const installed = ["a 1 Depends: lib", "lib 1", "other 1 Depends: a"];
  const files = { "/var/lib/apt/extended_states": "Package: lib\nAuto-Installed: 1\n" };

  test("packages that depend on a removed one are removed as well", () => {
    check("apt-get remove a", { stable: [] }, "-a -other", { installed, files });
  });

  test("unused dependencies are removed with --auto-remove, autoremove and autopurge", () => {
    check("apt-get purge --auto-remove a", { stable: [] }, "-a -lib -other", { installed, files });
    check("apt-get autoremove a", { stable: [] }, "-a -lib -other", { installed, files });
    check("apt-get autopurge", { stable: [] }, "", { installed, files });
  });

  test("a package missing from every index is reported", () => {
    check("apt-get remove gone", { stable: [] }, "gone is not in the package index");
  });
});

/** Runs a command and compares the changes: `+name=version` unpacked, `-name` removed; or the refusals. */
function check(command: string, suites: Suites, expected: string, image: ImageFiles = {}): void {
  const base = imageWith(image, suites);
  const [program = "", ...args] = command.split(" ");
  const parsed = parseAptCommand({ program, args });
  assert.equal(parsed?.state, "known", command);
  if (parsed?.state !== "known") return;
  const { operation } = parsed;
  if (operation.kind !== "install" && operation.kind !== "upgrade" && operation.kind !== "remove")
    return assert.fail(`${command} changes no package`);
  const before = systemOf(base);
  const { system, refusals } = runOperation({ base, index: indexFor(base, suites) }, before, operation);
  const refused = refusals.map((it) => `${it.package} ${it.reason}${it.suggestion ? ` (${it.suggestion})` : ""}`);
  assert.equal(refused.length > 0 ? refused.join("; ") : changesIn(before, system), expected, command);
}

function changesIn(before: System, after: System): string {
  const versions = (system: System) => new Map([...system.entries()].map(({ it }) => [it.name, it.version]));
  const [old, now] = [versions(before), versions(after)];
  const unpacked = [...now].filter(([name, version]) => old.get(name) !== version).map(([name, v]) => `+${name}=${v}`);
  const removed = [...old.keys()].filter((name) => !now.has(name)).map((name) => `-${name}`);
  return [...unpacked.sort(), ...removed.sort()].join(" ");
}
