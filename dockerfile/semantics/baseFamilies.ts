import type { Stage } from "../syntax/syntax.ts";
import type { BuildText } from "./build.ts";

/**
 * The programs that a base image's distribution includes: Debian's have `bash` and `useradd`, those of Fedora and its
 * relatives `bash`, Alpine's `ash` and `adduser`.
 */
export type BaseFamily = "debian" | "bash" | "alpine" | "busybox";

/**
 * The family that a stage is built on, according to the name of a Docker Official Image; undefined if the name isn't
 * conclusive.
 * @see https://github.com/docker-library/official-images
 */
export function baseFamilyOf(build: BuildText, stage: Stage | undefined): BaseFamily | undefined {
  const image = build.baseImage(build.rootStage(stage));
  const written =
    image && /^(?:docker\.io\/)?(?:library\/)?([a-z0-9-]+)(?::([^@]*))?(?:@.*)?$/.exec(image.text.toLowerCase());
  return written ? familyOf(written[1] ?? "", written[2] ?? "") : undefined;
}

function familyOf(name: string, tag: string): BaseFamily | undefined {
  if (/windows|nanoserver/.test(tag)) return undefined;
  if (name === "alpine" || name === "busybox") return name;
  if (ofDebian.has(name)) return "debian";
  if (withBash.has(name)) return "bash";
  if (!ofLanguages.has(name)) return undefined;
  return tag.includes("alpine") ? "alpine" : "debian";
}

const ofDebian: ReadonlySet<string> = new Set(["debian", "ubuntu", "buildpack-deps"]);
const withBash: ReadonlySet<string> = new Set([
  "fedora",
  "centos",
  "rockylinux",
  "almalinux",
  "oraclelinux",
  "amazonlinux",
  "archlinux",
]);
/** Based on Debian, or on Alpine if the tag says so. */
const ofLanguages: ReadonlySet<string> = new Set(["node", "python", "ruby", "golang", "rust", "php"]);
