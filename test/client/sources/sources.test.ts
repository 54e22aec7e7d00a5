import assert from "node:assert/strict";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { type SourceSettings, Sources } from "../../../client/src/sources/sources.ts";
import { engineInUse, sourcesState } from "../../../client/src/sources/sourcesState.ts";
import { createLayerClient } from "../../../oci/layers/client.ts";
import { type MinimalEngine, startMinimalEngine } from "../../support/engines/minimalEngine.ts";

/** A user without permissions, on every Unix. */
const nobody = 65_534;
const signal = new AbortController().signal;
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "imagewright-sources-"));
  // The tests must not depend on the user's configuration.
  process.env["DOCKER_CONFIG"] = "/nowhere";
});
after(() => rm(folder, { recursive: true }));

/** Sources with these settings, which can be changed. */
function open(changes: Partial<SourceSettings> = {}, trust: "trusted" | "untrusted" = "trusted") {
  const settings: { -readonly [K in keyof SourceSettings]: SourceSettings[K] } = {
    engineHost: host("first"),
    furtherEngines: [],
    insecureRegistries: [],
    isNetworkAllowed: true,
    ...changes,
  };
  const told: string[] = [];
  let wake: () => void = () => undefined;
  const tell = (what: string): void => {
    told.push(what);
    wake();
  };
  const sources = new Sources({
    layers: createLayerClient({ workerPath: "unused" }),
    settings: () => settings,
    isTrusted: () => trust === "trusted",
    onSources: () => tell("sources"),
    onImages: (sourceId, changed) => tell(`${sourceId} ${String(changed)}`),
    onImage: () => undefined,
    onNotice: (text) => assert.fail(text),
  });
  opened.push(sources);
  /** Waits until the condition holds, checking again after each report. */
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await new Promise<void>((resolve) => (wake = resolve));
  };
  const state = async (): Promise<string> =>
    (await sourcesState(sources, trust === "trusted")).engines
      .map(({ kind, source }) => `${source.label} ${kind}`)
      .join(", ");
  return { sources, settings, told, until, state };
}

const opened: Sources[] = [];
afterEach(() => opened.splice(0).forEach((sources) => sources.dispose()));

function host(name: string): string {
  return `unix://${folder}/${name}.sock`;
}

describe("several engines", { skip: process.platform === "win32", timeout: 20_000 }, () => {
  const engines: MinimalEngine[] = [];
  const start = async (name: string): Promise<MinimalEngine> => {
    const engine = await startMinimalEngine(join(folder, `${name}.sock`));
    engines.push(engine);
    return engine;
  };
  afterEach(async () => void (await Promise.all(engines.splice(0).map((engine) => engine.stop()))));

  test("several engines are independent, and one that is gone doesn't hide the others", async () => {
    await start("first");
    await start("third");
    const { sources, state, until } = open({ furtherEngines: [host("second"), host("third")] });
    const end = folder.split("/").at(-1) ?? "";
    assert.equal(await state(), `Container engine looking, ${end}/second.sock looking, ${end}/third.sock looking`);
    await sources.connect();
    await until(async () => !(await state()).includes("looking"));
    assert.equal(await state(), `Container engine ready, ${end}/second.sock absent, ${end}/third.sock ready`);
    assert.equal(sources.get(`engine:${host("third")}`)?.kind, "engine");
    assert.equal(sources.get(`engine:${host("second")}`), undefined);
  });

  test("an engine in use that never responds doesn't delay the others", async () => {
    const silent = createServer(() => undefined).listen(join(folder, "silent.sock"));
    await start("second");
    const { sources, state, until } = open({ engineHost: host("silent"), furtherEngines: [host("second")] });
    const connecting = sources.connect();
    await until(async () => /^Container engine looking, .*ready$/.test(await state()));
    silent.closeAllConnections();
    silent.close();
    await connecting;
  });

  test("changes are reported for the engine concerned", async () => {
    await start("first");
    const second = await start("second");
    const { sources, until, told } = open({ furtherEngines: [host("second")] });
    await sources.connect();
    const telling = setInterval(() => second.tell("tag", "sha256:abc"), 20);
    await until(() => told.includes(`engine:${host("second")} sha256:abc`));
    clearInterval(telling);
    assert.ok(!told.some((what) => what.startsWith("engine sha256")));
  });

  test("engines are added and removed with the settings, without new lookups of the others", async () => {
    await start("first");
    await start("second");
    const { sources, settings, state } = open();
    await sources.connect();
    const first = sources.get("engine");
    settings.furtherEngines = [host("second")];
    await sources.applySettings();
    assert.match(await state(), /^Container engine ready, .*second.sock ready$/);
    settings.furtherEngines = [];
    await sources.applySettings();
    assert.equal(await state(), "Container engine ready");
    assert.equal(sources.get("engine"), first);
  });

  test("a removed engine is no longer contacted, even while the new one doesn't respond", async () => {
    await start("first");
    const silent = createServer(() => undefined).listen(join(folder, "slow.sock"));
    const { sources, settings, state } = open();
    await sources.connect();
    settings.engineHost = host("slow");
    const taking = sources.applySettings();
    assert.equal(sources.get("engine"), undefined);
    assert.equal(await state(), "Container engine looking");
    assert.deepEqual(engineInUse(sources, true), { kind: "looking" });
    sources.dispose();
    await taking;
    silent.close();
  });

  test("an engine whose connection is lost keeps its endpoint until it is back", async () => {
    const engine = await start("first");
    const { sources, until } = open();
    const lost = async (): Promise<string | undefined> => {
      const [first] = (await sourcesState(sources, true)).engines;
      return first?.kind === "absent" ? (first.lostEndpoint ?? "never connected") : undefined;
    };
    await sources.connect();
    await engine.stop();
    await until(async () => (await lost()) === host("first"));
    await start("first");
    await sources.connectAbsent();
    assert.equal(await lost(), undefined);
  });

  test("an additional engine that is the one in use by another name is left out", async () => {
    await start("first");
    const { sources, state } = open({ furtherEngines: [join(folder, "first.sock")] });
    await sources.connect();
    assert.equal(await state(), "Container engine ready");
  });

  test("engines that may not be opened are shown as refused, in the tree and the status", async (context) => {
    await start("first");
    await chmod(join(folder, "first.sock"), 0);
    // Root may access everything.
    if (process.getuid?.() === 0) {
      process.seteuid?.(nobody);
      context.after(() => process.seteuid?.(0));
    }
    const { sources } = open();
    await sources.connect();
    const [state] = (await sourcesState(sources, true)).engines;
    const shown = engineInUse(sources, true);
    assert.deepEqual(
      [state?.kind === "absent" && state.error.kind, shown.kind === "absent" && shown.error.kind],
      ["engineRefused", "engineRefused"],
    );
  });

  test("engines are not looked for in an untrusted workspace", async () => {
    const { sources, told } = open({}, "untrusted");
    await sources.connect();
    await sources.connectAbsent();
    assert.equal((await sourcesState(sources, false)).isTrusted, false);
    assert.deepEqual(engineInUse(sources, false), { kind: "untrusted" });
    assert.deepEqual(told, []);
  });
});

describe("references of registries", { timeout: 20_000 }, () => {
  let registry: Server;
  let requests = 0;
  let address = "";
  before(async () => {
    registry = createServer((_, response) => {
      requests++;
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
    const bound = registry.address();
    address = typeof bound === "object" && bound ? `127.0.0.1:${bound.port}` : "";
  });
  after(() => registry.close());

  test("open references are a source, listed without a request and read one by one", async () => {
    const { sources, told } = open();
    assert.equal(sources.registry, undefined);
    const reference = `${address}/app:1`;
    sources.showReferences([reference, "debian@sha256:".padEnd(78, "a")]);
    const source = sources.get("registry");
    const listed = await source?.list(signal);
    assert.deepEqual(
      listed?.ok && listed.value.map(({ id, tags, repoDigests }) => [id, tags.length, repoDigests.length]),
      [
        [reference, 1, 0],
        ["debian@sha256:".padEnd(78, "a"), 0, 1],
      ],
    );
    assert.equal(requests, 0);
    const image = await source?.image(reference, {}, signal);
    assert.equal(image && !image.ok && image.error.kind, "notFound");
    assert.ok(requests > 0);
    sources.showReferences([reference]);
    sources.showReferences([]);
    assert.deepEqual(told, ["sources", "registry all", "sources"]);
    assert.equal((await sourcesState(sources, true)).registry, undefined);
  });

  for (const [why, changes, trust] of [
    ["without trust", {}, "untrusted"],
    ["with the network setting off", { isNetworkAllowed: false }, "trusted"],
  ] as const) {
    test(`references are listed and not contacted ${why}`, async () => {
      const { sources } = open(changes, trust);
      const before = requests;
      sources.showReferences([`${address}/app:1`]);
      const image = await sources.registry?.image(`${address}/app:1`, {}, signal);
      assert.equal(image && !image.ok && image.error.kind, "notAsked");
      assert.equal(requests, before);
    });
  }
});
