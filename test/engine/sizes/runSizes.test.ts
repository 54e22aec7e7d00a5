// RUN lines of file commands, built by BuildKit on overlay2: every line has the size in the engine's history.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createBuiltImagesReader } from "../../../dockerfile/facts/fetch/builtImages.ts";
import { factKinds } from "../../../dockerfile/facts/kinds/index.ts";
import { FactStore } from "../../../dockerfile/facts/store.ts";
import { buildWithFacts, readBuildText } from "../../../dockerfile/semantics/createBuild.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { success } from "../../../oci/core/error.ts";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import { createEngine } from "../../../oci/engine/engine.ts";
import { unsupportedLayers } from "../../../oci/engine/local.ts";
import { createLayerClient, type LayerClient } from "../../../oci/layers/client.ts";
import { buildByBuildKit, isBuildKitSetUp } from "../../rig/engines/build.ts";
import type { Rig } from "../../rig/engines/engine.ts";
import { askEngine, callEngine } from "../../rig/engines/engineApi.ts";
import { sharedEngine } from "../../rig/engines/sharedRigs.ts";
import { importProgramsImage } from "../../rig/engines/shellImage.ts";
import { shell } from "../../support/dockerfile/check.ts";
import { bareMachine } from "../../support/dockerfile/factStore.ts";

const base = "imagewright-programs:1";
const tag = "imagewright-run-sizes:1";
const programs = ["cat", "chmod", "chown", "cp", "dd", "fallocate", "find", "head", "install"]
  .concat(["ln", "mkdir", "mv", "rm", "tee", "touch", "truncate"])
  .map((name) => `/usr/bin/${name}`)
  .concat(["/usr/sbin/groupadd", "/usr/sbin/useradd", "/usr/sbin/usermod"]);
/** As in Debian, whose programs these are. */
const accounts = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/bash\n",
  "etc/shadow": "root:*:20000:0:99999:7:::\n",
  "etc/group": "root:x:0:\naudio:x:29:\nusers:x:100:\n",
  "etc/gshadow": "root:*::\naudio:*::\nusers:*::\n",
  "etc/subuid": "",
  "etc/subgid": "",
  "etc/login.defs":
    "UID_MIN 1000\nGID_MIN 1000\nPASS_MIN_DAYS 0\nPASS_MAX_DAYS 99999\nPASS_WARN_AGE 7\nUSERGROUPS_ENAB yes\n",
  "etc/default/useradd": "SHELL=/bin/sh\n",
  "etc/os-release": "ID=debian\nVERSION_CODENAME=bookworm\n",
  "etc/skel/.profile": "umask 022\n",
};
const data = {
  ...accounts,
  "srv/data/one": "1".repeat(1000),
  "srv/data/two": "2".repeat(2000),
  "etc/conf": "a=b\n",
};

const lines = [
  "RUN touch /srv/data/one /srv/data/new",
  "RUN chmod -R a+r /srv",
  "RUN chown -R 0:0 /srv && chown -R 0:0 /srv",
  "RUN mv /srv/data /srv/moved && cp -a /srv/moved /srv/copied",
  "RUN cd /srv && ln copied/one linked && ln -s linked soft && ln copied/two copied/three",
  "RUN chmod 600 /srv/linked && chmod 600 /srv/copied/one",
  "RUN cp -al /srv/copied /srv/hard",
  "RUN dd if=/dev/zero of=/big bs=512 count=3 && dd if=/dev/zero of=/seek bs=1M count=1 seek=4 2>/dev/null",
  "RUN fallocate -l 1M /falloc && truncate -s 5K /sparse && head -c 12345 /dev/urandom > /head",
  "RUN truncate -s 10 /big && truncate -s +10 /sparse",
  "RUN for name in a b c; do echo $name > /srv/$name; done && rm /srv/b",
  'RUN if [ -f /etc/conf ] && [ ! -e /nothing ]; then echo "c=d" >> /etc/conf; else echo no > /no; fi',
  "RUN find /srv -name '*e' -type f -exec chmod 644 {} +",
  "RUN echo hello | tee /srv/x /srv/y > /dev/null",
  "RUN set -e; install -D -m 644 /etc/conf /etc/deep/er/conf; echo home is $HOME > /etc/home",
  "RUN --mount=type=cache,target=/cache echo hi > /cache/file && cp /cache/file /kept",
  "RUN useradd -m app",
  "RUN groupadd -r team && useradd -r -g team -G audio -u 65532 -s /bin/bash worker",
  "RUN useradd -N -d /srv/x other && usermod -aG audio other && usermod -c 'A B' app",
  "RUN rm -rf /srv/* /big",
];

describe("sizes of file commands", () => {
  let docker: Rig;
  let layers: LayerClient;
  before(async () => {
    docker = await sharedEngine();
    layers = createLayerClient({ workerPath: new URL("../../../oci/layers/worker.ts", import.meta.url) });
  });
  after(async () => {
    layers.dispose();
    for (const name of [tag, base])
      await callEngine(docker.socketPath, { method: "DELETE", path: `/images/${name}?force=1` });
    await docker.stop();
  });

  test("predicted sizes equal those that the engine measures", { timeout: 180_000 }, async (context) => {
    if (!(await isBuildKitSetUp())) return context.skip("set it up with: node test/rig/engines/containerdEngine.ts");
    await importProgramsImage(docker, base, ["/bin/sh", ...programs], data);
    const dockerfile = [`FROM ${base}`, ...lines].join("\n");
    const predicted = await predict(dockerfile);
    await buildByBuildKit(docker, { tag, dockerfile });
    const history = JSON.parse(
      (await askEngine(docker.socketPath, { path: `/images/${tag}/history` })).toString("utf8"),
    ) as readonly { readonly Size: number }[];
    const built = history.toReversed().slice(-lines.length);
    const rows = (sizes: readonly (number | string)[]) => lines.map((line, index) => `${line} → ${sizes[index]}`);
    assert.deepEqual(rows(predicted), rows(built.map(({ Size }) => Size)));
  });

  /** The size of each line, as predicted by an editor without a last build. */
  async function predict(dockerfile: string): Promise<readonly (number | string)[]> {
    const connection = socketConnection(docker.socketPath);
    const engine = { ...createEngine(connection, unsupportedLayers), ...layers.layersOf(connection) };
    const machine = {
      ...bareMachine,
      engine: { open: () => Promise.resolve(success(engine)), builtImages: createBuiltImagesReader() },
    };
    const store = new FactStore({ kinds: factKinds, machine: () => machine, onChange: () => undefined });
    const text = readBuildText(parse(dockerfile), shell);
    try {
      for (;;) {
        const sizes = sizeStages(buildWithFacts(text, store.view({})))[0]?.layers.slice(1) ?? [];
        if (!sizes.some(({ state }) => state === "pending"))
          return sizes.map((size) => (size.state === "estimated" ? size.estimate.low : "a gap"));
        await store.idle();
      }
    } finally {
      store.dispose();
    }
  }
});
