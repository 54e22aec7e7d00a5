// A Debian repository and an image from a few lines, for tests.
import { readAptBase } from "../../../../dockerfile/size/apt/readBase.ts";
import type { AptBase, AptIndex, AptSuite } from "../../../../dockerfile/size/apt/base.ts";
import { createPackageList } from "../../../../dockerfile/size/apt/index/packageList.ts";
import { compactPackages } from "../../../../dockerfile/size/apt/index/packagesFile.ts";
import { parseRelease } from "../../../../dockerfile/size/apt/index/release.ts";

/** `curl 7.88 Depends: libc6, libcurl4 (= 7.88); Size: 100`: name, version, then fields separated by semicolons. */
export type PackageLine = string;

export interface ImageFiles {
  readonly installed?: readonly PackageLine[];
  readonly files?: Readonly<Record<string, string>>;
}

/** Packages of a suite by its name; "backports" are not automatic. */
export type Suites = Readonly<Record<string, readonly PackageLine[]>>;

export function imageWith({ installed = [], files = {} }: ImageFiles, suites: Suites): AptBase {
  const status = installed.map((line) => `${stanza(line)}Status: install ok installed\n`).join("\n");
  const sources = Object.keys(suites).map((suite) => `deb http://repo.example/debian ${suite} main\n`);
  const all = { "/var/lib/dpkg/status": status, "/etc/apt/sources.list": sources.join(""), ...files };
  const result = readAptBase(
    new Map(Object.entries(all).map(([path, text]) => [path, new TextEncoder().encode(text)] as const)),
  );
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

export function indexFor(base: AptBase, suites: Suites): AptIndex {
  return {
    suites: base.sources.map((source): AptSuite => {
      const raw = new TextEncoder().encode((suites[source.suite] ?? []).map(stanza).join("\n"));
      const notAutomatic = source.suite === "backports" ? "NotAutomatic: yes\nButAutomaticUpgrades: yes\n" : "";
      return {
        source,
        release: parseRelease(`Origin: Debian\nSuite: ${source.suite}\nCodename: ${source.suite}\n${notAutomatic}`),
        releaseBytes: 1000,
        components: [{ name: "main", packages: createPackageList(compactPackages(raw).text), rawBytes: raw.length }],
      };
    }),
  };
}

function stanza(line: PackageLine): string {
  const [, name = "", version = "", fields = ""] = /^(\S+) (\S+)(?: (.*))?$/.exec(line) ?? [];
  const rest = fields
    .split(";")
    .map((field) => field.trim())
    .filter((field) => field !== "");
  return [`Package: ${name}`, `Version: ${version}`, "Architecture: amd64", ...rest, ""].join("\n");
}
