// The kinds of input that once gave a wrong answer, and the test that holds each: its title, or words of its data.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";

const falseAlarms = "dockerfile/lint/falseAlarms";
const rules = "../dockerfile/lint/rules";

/** A kind of input, the file of its test below `test/`, and a text of that file. */
type Row = readonly [input: string, file: string, text: string];

const archives: readonly Row[] = [
  ["a layer with one owner name of a megabyte on every file", "oci/tar/hardening.test.ts", "names of owners"],
  ["a thousand global or local PAX records of a megabyte", "oci/tar/hardening.test.ts", "records in effect at once"],
  ["extended attributes whose names are a megabyte", "oci/tar/hardening.test.ts", "extended attributes must be short"],
  ["a history of a million steps", "oci/archive/problems.test.ts", "a history of ten megabytes"],
  ["archives that unpack to far more", "oci/archive/problems.test.ts", "that unpack to far more reach a limit"],
  ["truncated archives and layers, flipped bits", "oci/archive/archive.test.ts", "a truncated archive reports where"],
  ["a blob stored under another blob's digest", "oci/archive/archive.test.ts", "doesn't match its digest is rejected"],
  ["paths with `..`, absolute ones, links that lead out", "oci/tar/layerEntries.test.ts", "resolved within the root"],
  ["a config or a layer outside of the archive", "oci/archive/problems.test.ts", "a config outside of the archive"],
  ["hard links to nothing, to themselves, in chains and cycles", "oci/core/layerTree.test.ts", "in chains and cycles"],
  ["declared sizes of terabytes, numbers that aren't", "oci/tar/layerEntries.test.ts", "a truncated or invalid tar is"],
  ["names that aren't UTF-8, or contain control characters", "oci/tar/layerEntries.test.ts", "that are not UTF-8"],
  ["paths of thousands of folders", "oci/tar/hardening.test.ts", "more folders than Linux can open"],
  ["whiteouts of nothing, or without a name", "oci/core/stack.test.ts", "whiteouts without a target"],
  [
    "a whiteout beside a folder of its name, in any order",
    "oci/core/stack.test.ts",
    "whatever its position in its own",
  ],
  ["opaque folders before and after what they contain", "oci/core/stack.test.ts", "keeps its own"],
  ["a whiteout or a file below a lower symlink", "oci/core/stack.test.ts", "a marker below a lower layer's link"],
  ["a file over a folder, and a folder over a file", "oci/core/stack.test.ts", "a file over a directory removes"],
  ["several entries of one path in a layer", "oci/core/stack.test.ts", "a file that its own layer replaced is shipped"],
  ["the same hard links in another order", "oci/core/diff.test.ts", "which name of a hard link carries the bytes"],
  ["a type 0 name with a trailing slash", "oci/tar/layerEntries.test.ts", "a trailing slash makes a folder only of v7"],
  ["sparse files of GNU and PAX", "oci/tar/hardening.test.ts", "the hash of its unpacked form"],
  ["files of one size whose hashes are unknown", "oci/core/diff.test.ts", "never equal without hashes"],
  ["pairs of files that differ in one attribute", "oci/core/diff.test.ts", "lists every differing attribute"],
  ["AUFS' own files", "oci/tar/layerEntries.test.ts", "AUFS' own files are left out"],
  [
    "configs that are junk, nested deeply or too large",
    "oci/archive/problems.test.ts",
    "a document over the size limit",
  ],
  [
    "more or fewer steps or layers than the config says",
    "oci/archive/problems.test.ts",
    "more or fewer steps than layers",
  ],
  ["layouts of artifacts or attestations only", "oci/archive/problems.test.ts", "an archive with only an artifact"],
  ["a save without its config", "oci/archive/problems.test.ts", "a save without its config lists its image once"],
  [
    "indexes that contain themselves, or 20,000 entries",
    "oci/archive/problems.test.ts",
    "ten thousand times is read once",
  ],
  ["images without blobs in Docker's containerd store", "engine/missingBlobs.test.ts", "whose blobs the store of"],
  [
    "an engine that stalls or breaks off while it sends",
    "oci/source/movingStream.test.ts",
    "silent after the first byte",
  ],
  ["an image that uses every kind of file, built for real", "engine/contract.test.ts", "every source"],
];

const projects: readonly Row[] = [
  ["`constructor` and the like as command, stage or rule", "dockerfile/lint/inheritedNames.test.ts", "inherited name"],
  ["a configuration that links to an endless file", "dockerfile/facts/lintConfigLinks.test.ts", "/proc/"],
  ["ignore files of a megabyte of patterns", "dockerfile/patterns/ignoreFile.test.ts", "hostile patterns"],
  ["thousands of chained stages, comments and heredocs", "dockerfile/lint/linearTime.test.ts", "stages"],
];

const pins: readonly Row[] = [
  ["a default inside a default: `${A:-${B}}`", "dockerfile/references/findReferences.test.ts", "${A:-${B}}"],
  ["name and tag from two ARGs", "dockerfile/references/findReferences.test.ts", "${N}:$V"],
  ["a name from an ARG with a literal tag", "dockerfile/references/findReferences.test.ts", "FROM ${N}:"],
  ["an ARG declared again in a stage", "dockerfile/references/findReferences.test.ts", "in a stage"],
  [
    "a pin to one platform of the tag's current index",
    "references/plan.test.ts",
    "is unchanged while the tag's index has",
  ],
  ["a platform that the index lacks", "references/plan.test.ts", "pinning warns if the index lacks the platform"],
  ["a comment that ignores the reference", "cli/pin.test.ts", "pin obeys lint's comments"],
  ["an image without a tag, pinned and unpinned", "references/plan.test.ts", ":latest"],
  ["`// syntax=`", "dockerfile/references/findReferences.test.ts", "// syntax names the frontend"],
  ["references that pin and lint see differently", `${rules}/image-without-digest.ts`, "ONBUILD COPY --from=busybox"],
  ["a registry on this machine that speaks TLS", "oci/registry/certificates.test.ts", "a local registry's use of TLS"],
  ["references that can't be pinned, in CI", "cli/pin.test.ts", "not for those that can't be pinned"],
  ["a Compose file given to `pin`", "references/in/fileKinds.test.ts", "Compose files"],
  ["500 files with 2,000 references, a silent registry", "bench/pin.bench.ts", "one silent registry"],
];

const findings: readonly Row[] = [
  ["a pipe in the pattern of a `case`", `${falseAlarms}/pipefail.txt`, "case"],
  ["an unknown word among instructions, in another case", "dockerfile/lint/casing.test.ts", "unknown"],
  ["a WORKDIR that begins with a variable of the base image", `${falseAlarms}/undefined-variable.txt`, "$GOPATH"],
  ["an ENV that refers to itself", `${falseAlarms}/env-self-reference.txt`, "PATH"],
  ["a fix for pipes that changes what `echo` prints", `${rules}/pipefail.ts`, "echo"],
  ["a pipe into a checksum", `${falseAlarms}/pipefail.txt`, "sha256sum"],
  ["`apk --no-network`", `${falseAlarms}/apk-cache-left.txt`, "--no-network"],
  ["base images that don't run as root", `${falseAlarms}/no-user.txt`, "chiseled"],
  ["names that only look like secrets", `${falseAlarms}/secret-in-arg-or-env.txt`, "KMS_KEY_ALIAS"],
  ["a glob that may match nothing", `${falseAlarms}/empty-glob.txt`, "[t]"],
  ["`gem install … -- --option`", `${falseAlarms}/gem-version.txt`, " -- --"],
  ["`go get -tool`", `${falseAlarms}/go-version.txt`, "-tool"],
  ["a heredoc without `set -e`", `${falseAlarms}/heredoc-without-errexit.txt`, "<<"],
  ["a default that makes an invalid image name", `${falseAlarms}/invalid-default-arg-in-from.txt`, "FROM"],
  ["copies of whole file systems in quotes", `${falseAlarms}/copy-whole-stage.txt`, "COPY"],
  ["hundreds of unknown variables", "dockerfile/lint/linearTime.test.ts", "unknown variables"],
];

for (const [subject, rows] of Object.entries({ archives, projects, pins, findings }))
  describe(`reported inputs: ${subject}`, () => {
    for (const [input, file, text] of rows)
      test(`${input}: ${file}`, () =>
        assert.ok(readFileSync(join(import.meta.dirname, file), "utf8").includes(text), `${text} is not in ${file}`));
  });
