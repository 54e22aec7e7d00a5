// Versions of a package of npm, from a registry that is a function.
import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { fetchNpmVersions } from "../../../../../dockerfile/facts/fetch/node/npmVersions.ts";
import type { FactKeyOf } from "../../../../../dockerfile/facts/fact.ts";
import type { FactMachine, RegistryOpener } from "../../../../../dockerfile/facts/machine.ts";
import { success } from "../../../../../oci/core/error.ts";
import { image } from "../../../../support/images/literalImages.ts";
import { contextFolder, type Entry } from "../../../../support/dockerfile/contextFolder.ts";
import { bareMachine, unusedRegistrySource } from "../../../../support/dockerfile/factStore.ts";

const { signal } = new AbortController();

const document = {
  "dist-tags": { latest: "2.0.0", next: "3.0.0-rc.1" },
  versions: {
    "1.9.0": {},
    "1.10.0": {},
    "3.0.0-rc.1": {},
    "2.0.0": { engines: { node: ">=18" } },
  },
};

interface Asked {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly key?: Partial<Extract<FactKeyOf<"packageVersions">, { readonly index: "npm" }>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly answer?: () => Response;
  readonly whyNot?: RegistryOpener["whyNot"];
  readonly machine?: Partial<FactMachine>;
}

async function ask(t: TestContext, { files = {}, key, env = {}, answer, whyNot, machine }: Asked) {
  const folder = await contextFolder(files);
  t.after(() => folder.remove());
  const urls: string[] = [];
  const registries: RegistryOpener = {
    source: unusedRegistrySource,
    whyNot: whyNot ?? (() => undefined),
    fetch: (url) => {
      urls.push(url);
      return Promise.resolve(answer?.() ?? Response.json(document));
    },
  };
  const fact = await fetchNpmVersions(
    { kind: "packageVersions", index: "npm", name: "a", ...key },
    { contextRoot: folder.path },
    { ...bareMachine, registries, configPlaces: { env, homedir: folder.path }, ...machine },
    signal,
  );
  return { fact, urls };
}

const env = { npm_config_registry: "https://of-machine.example/npm/" };

suite("versions of a package", () => {
  test("npm's versions are listed newest first, prereleases last, with their tags and what the newest needs", async (t) => {
    const { fact, urls } = await ask(t, { env });
    assert.deepEqual(urls, ["https://of-machine.example/npm/a"]);
    assert.deepEqual(fact, {
      state: "known",
      value: {
        versions: ["2.0.0", "1.10.0", "1.9.0", "3.0.0-rc.1"],
        tags: new Map([
          ["latest", "2.0.0"],
          ["next", "3.0.0-rc.1"],
        ]),
        newest: { version: "2.0.0", engine: ">=18" },
      },
    });
  });

  test("the newest version is never a deprecated or missing one, which npm avoids", async (t) => {
    for (const latest of ["2.0.0", "9.0.0"]) {
      const versions = { "1.0.0": {}, "2.0.0": { deprecated: "broken" } };
      const { fact } = await ask(t, { env, answer: () => Response.json({ "dist-tags": { latest }, versions }) });
      assert.equal(fact.state === "known" && fact.value.newest, undefined);
    }
  });

  test("versions come from the registry of the Dockerfile, of the project's .npmrc or of its lock file", async (t) => {
    const npmrc = "registry=https://npmrc.example/\n@acme:registry = https://acme.example/npm\n";
    const lock = JSON.stringify({
      packages: {
        "node_modules/@acme/x": { resolved: "https://acme-lock.example/@acme/x/-/x-1.0.0.tgz" },
        "node_modules/b": { resolved: "https://lock.example/npm/b/-/b-1.0.0.tgz" },
      },
    });
    const address = async (asked: Asked): Promise<string> => (await ask(t, { env, ...asked })).urls.join();
    const both = { ".npmrc": npmrc, "package-lock.json": lock };
    assert.equal(await address({ files: both, key: { address: "https://own.example" } }), "https://own.example/a");
    assert.equal(await address({ files: both }), "https://npmrc.example/a");
    const scoped = { name: "@acme/tool" };
    assert.equal(await address({ files: both, key: scoped }), "https://acme.example/npm/@acme%2ftool");
    const locked = { "package-lock.json": lock };
    assert.equal(await address({ files: locked }), "https://lock.example/npm/a");
    assert.equal(await address({ files: locked, key: scoped }), "https://acme-lock.example/@acme%2ftool");
    const foreign = { name: "@other/tool" };
    assert.equal(await address({ files: locked, key: foreign }), "https://lock.example/npm/@other%2ftool");
  });

  test("versions come from the registry built into the base image's npm if nothing else names one", async (t) => {
    const text = "new Definition('registry', {\n    default: 'https://built-in.example/',\n    type: url })";
    const read: string[] = [];
    const engine: FactMachine["engine"] = {
      builtImages: { fetch: () => Promise.reject(new Error("not expected")) },
      open: () =>
        Promise.resolve(
          success({
            image: () => Promise.resolve(success(image())),
            imageFiles: (_image: unknown, { paths }: { readonly paths: readonly string[] }) => {
              read.push(...paths.slice(0, 1));
              const contents = new Map([[paths[0] ?? "", new TextEncoder().encode(text)]]);
              return Promise.resolve(success({ contents, sizes: new Map<string, number>() }));
            },
          }),
        ),
    };
    const { urls } = await ask(t, { machine: { engine }, key: { base: "node:22" } });
    assert.deepEqual(urls, ["https://built-in.example/a"]);
    assert.equal(read.length, 1);
  });

  test("versions are unavailable with the reason if no registry is known, may be contacted or responds properly", async (t) => {
    const reason = async (asked: Asked): Promise<string> => {
      const { fact, urls } = await ask(t, asked);
      return fact.state === "unavailable" ? `${urls.length}: ${fact.reason}` : fact.state;
    };
    const reasons = [
      await reason({}),
      await reason({ env, whyNot: (host) => `${host} may not be contacted` }),
      await reason({ env, machine: { registries: { refusal: "the workspace isn't trusted" } } }),
      await reason({ env, answer: () => new Response("", { status: 404 }) }),
      await reason({ env, answer: () => new Response("<html>") }),
      await reason({ env, answer: () => Response.json({ versions: [] }) }),
      await reason({ key: { address: "$REGISTRY" } }),
    ];
    assert.deepEqual(reasons, [
      "0: no registry of npm is known",
      "0: of-machine.example may not be contacted",
      "0: the workspace isn't trusted",
      "1: https://of-machine.example/npm/a doesn't exist",
      "1: the registry's answer for a isn't a list of versions",
      "1: the registry's answer for a isn't a list of versions",
      "0: no registry of npm is known",
    ]);
  });

  test("versions named like members of objects are versions like others", async (t) => {
    const versions = JSON.parse('{"__proto__": {}, "1.0.0": {}, "constructor": {}}') as object;
    const { fact } = await ask(t, {
      env,
      answer: () => Response.json({ "dist-tags": { latest: "toString" }, versions }),
    });
    assert.deepEqual(fact.state === "known" && fact.value.versions, ["1.0.0"]);
  });
});
