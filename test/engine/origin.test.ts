import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { originOf } from "../../dockerfile/origin/origin.ts";
import { decodeProvenance, placesOfLayers } from "../../dockerfile/origin/provenance.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { openArchive } from "../../oci/archive/archive.ts";
import { createEngine } from "../../oci/engine/engine.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import { buildByApi, buildByBuildKit, isBuildKitSetUp, type BuildRequest } from "../rig/engines/build.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { temporaryFolder } from "../rig/machine/folders.ts";
import { sharedContainerdEngine, sharedEngine, sharedPodman } from "../rig/engines/sharedRigs.ts";
import { importShellImage, shellImage } from "../rig/engines/shellImage.ts";

const signal = new AbortController().signal;
const base: BuildRequest = {
  tag: "imagewright-origin-base:1",
  dockerfile: `FROM ${shellImage}\nLABEL base=yes\nRUN echo base > /base\nONBUILD RUN echo trigger > /trigger\nCMD ["sh", "-l"]\n`,
};

/**
 * Instructions whose steps look different in histories, with the expectation for each line: without an entry it is
 * "exact".
 */
const lines: readonly (readonly [string, ("values" | "none")?])[] = [
  ["ARG TAG=1", "none"],
  ["FROM imagewright-origin-base:${TAG} AS builder", "none"],
  ["ARG VERSION=1.2", "none"],
  ["RUN echo $VERSION > /v", "none"],
  ["FROM imagewright-origin-base:1 AS middle", "none"],
  ['LABEL title="My \\"App\\" $NOTHING" \\\n      multi=\'single quoted\''],
  ['ENV A=1 B="two words" \\\n    C=$A-x'],
  ["ENV LEGACY some legacy  value"],
  ["ARG VERSION=1.2"],
  ["WORKDIR /srv/app"],
  ['RUN echo one && \\\n    # between the lines\n    echo "two  words"   >  /one$VERSION'],
  ["RUN echo same >> /same"],
  ["RUN echo same >> /same"],
  ["FROM middle", "none"],
  ["USER 0:0"],
  ["WORKDIR sub"],
  ["COPY a.txt b.txt ./", "values"],
  ["COPY --chown=1:1 dir /dir/", "values"],
  ["COPY --from=builder /v /v", "values"],
  ['COPY ["a.txt", "/with space/"]', "values"],
  ["ADD a.txt /$A/", "values"],
  ['RUN ["/bin/sh", "-c", "echo \\"json\\" > /json"]'],
  ['SHELL ["/bin/sh", "-e", "-c"]'],
  ["RUN echo shell > /shell"],
  ["EXPOSE 8080 53/udp"],
  ["EXPOSE 9000-9002"],
  ["VOLUME /data /more"],
  ['VOLUME ["/more data"]'],
  ["STOPSIGNAL SIGUSR1"],
  ["HEALTHCHECK --interval=90s --timeout=3s --retries=2 CMD echo ok || exit 1"],
  ['ENTRYPOINT ["/bin/sh", "-c"]'],
  ['CMD echo "shell form" $HOME'],
];
const app: BuildRequest = {
  tag: "imagewright-origin:1",
  dockerfile: lines.map(([line]) => `${line}\n`).join(""),
  files: { "a.txt": "a", "b.txt": "b", "dir/c.txt": "c" },
  buildArgs: { VERSION: "9" },
};

async function historyIn(rig: Rig, tag: string): Promise<readonly string[]> {
  const image = await createEngine(socketConnection(rig.socketPath), unsupportedLayers).image(tag, {}, signal);
  assert.ok(image.ok);
  return image.value.config.history.map(({ createdBy }) => createdBy);
}

/** The result for each line of the file, as in `lines`. */
function foundIn(dockerfile: string, history: readonly string[]): readonly (readonly [string, ("values" | "none")?])[] {
  const file = parse(dockerfile);
  const origin = originOf(file, history);
  return file.instructions.map((instruction) => {
    const text = file.text.slice(instruction.span.start, instruction.span.end);
    const steps = origin?.steps.filter((step) => step?.instruction === instruction) ?? [];
    assert.ok(steps.length < 2, `${text} stands at several steps`);
    const [step] = steps;
    if (!step) return [text, "none"];
    return step.doubt === undefined ? [text] : [text, step.doubt === "values" ? "values" : "none"];
  });
}

/**
 * The first line of the instruction that created each layer, according to the archive's provenance; without the base's.
 */
async function linesByRecord(path: string): Promise<readonly (number | undefined)[]> {
  const archive = await openArchive(path, {}, signal);
  assert.ok(archive.ok);
  const listed = await archive.value.list(signal);
  const image = await archive.value.image((listed.ok && listed.value[0]?.id) || path, {}, signal);
  assert.ok(image.ok);
  const attestations = await archive.value.attestations(image.value, signal);
  const [statement] = attestations.ok
    ? attestations.value.flatMap(({ statements }) => (statements.ok ? statements.value : []))
    : [];
  const text = statement && (await archive.value.statement(image.value, statement, signal));
  const decoded = text?.ok ? decodeProvenance(JSON.parse(text.value)) : undefined;
  await archive.value.close();
  assert.ok(decoded?.ok);
  return placesOfLayers(
    decoded.value,
    image.value.layers.flatMap(({ digest }) => digest ?? []),
  )
    .map((place) => place?.firstLine)
    .slice(1);
}

/** The same according to the texts of the steps. */
function linesByHistory(dockerfile: string, history: readonly string[]): readonly (number | undefined)[] {
  const file = parse(dockerfile);
  const made =
    originOf(file, history)?.steps.flatMap((step) =>
      step && ["RUN", "COPY", "ADD", "WORKDIR"].includes(step.instruction.keyword.value) ? [step] : [],
    ) ?? [];
  return made.map(({ instruction }) => file.text.slice(0, instruction.span.start).split("\n").length - 1);
}

async function buildAndCheck(
  rig: Rig,
  build: (order: BuildRequest) => Promise<void>,
  expected: typeof lines,
): Promise<void> {
  await importShellImage(rig);
  try {
    await build(base);
    await build(app);
    const history = await historyIn(rig, app.tag);
    assert.deepEqual(foundIn(app.dockerfile, history), expected);
    // The base image's own file explains the lower steps of the same history.
    assert.deepEqual(
      originOf(parse(base.dockerfile), history)?.steps.filter(
        (step) => step?.instruction.keyword.value === "RUN" && step.confidence === "exact",
      ).length,
      1,
    );
  } finally {
    for (const tag of [app.tag, base.tag, shellImage])
      await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
  }
}

const allExact = lines.map(([line, what]): (typeof lines)[number] =>
  what === "values" ? [line] : what ? [line, what] : [line],
);
const noBuildKit = "set BuildKit up with: node test/rig/engines/containerdEngine.ts";

describe("the lines that created an image's steps", () => {
  let docker: Rig;
  let containerd: Rig | undefined;
  let podman: Rig | undefined;
  before(async () => {
    [docker, containerd, podman] = await Promise.all([sharedEngine(), sharedContainerdEngine(), sharedPodman()]);
  });
  after(async () => {
    await Promise.all([docker.stop(), containerd?.stop(), podman?.stop()]);
  });

  test("steps of the classic builder match exactly, except those with hashes for sources", async () =>
    buildAndCheck(docker, (order) => buildByApi(docker, order), lines));
  test("BuildKit's steps match exactly in an engine with the classic store", async (context: TestContext) => {
    if (!(await isBuildKitSetUp())) return context.skip(noBuildKit);
    await buildAndCheck(docker, (order) => buildByBuildKit(docker, order), allExact);
  });
  test("BuildKit's steps match exactly in an engine with the containerd store", async (context) => {
    const rig = containerd;
    if (!rig) return context.skip(noBuildKit);
    await buildAndCheck(rig, (order) => buildByBuildKit(rig, order), allExact);
  });
  test("BuildKit's provenance names the same lines, layer for layer", async (context) => {
    const rig = containerd;
    if (!rig) return context.skip(noBuildKit);
    await importShellImage(rig);
    const folder = await temporaryFolder("provenance");
    try {
      for (const [version, tag] of [
        ["v0.2", "1"],
        ["v1", "2"],
      ] as const) {
        const order = {
          ...app,
          tag: `imagewright-origin:${tag}`,
          dockerfile: app.dockerfile
            .replaceAll("imagewright-origin-base:${TAG}", shellImage)
            .replaceAll("imagewright-origin-base:1", shellImage),
        };
        await buildByBuildKit(rig, order, ["--attest", `type=provenance,mode=max,version=${version}`]);
        const path = join(folder.path, `${tag}.tar`);
        await writeFile(path, await askEngine(rig.socketPath, { path: `/images/${order.tag}/get` }));
        assert.deepEqual(await linesByRecord(path), linesByHistory(order.dockerfile, await historyIn(rig, order.tag)));
      }
    } finally {
      await folder.remove();
      for (const tag of ["imagewright-origin:1", "imagewright-origin:2", shellImage])
        await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
    }
  });
  test("Buildah's steps match exactly, except those with hashes for sources", async (context) => {
    const rig = podman;
    if (!rig) return context.skip("there is no Podman");
    await buildAndCheck(rig, (order) => buildByApi(rig, order), lines);
  });
});
