import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { startTagRegistry, type TagRegistry } from "../../support/registry/tagRegistry.ts";
import { imagewright } from "../run.ts";

let folder: string;
let registry: TagRegistry;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-pin-overrides-"));
  registry = await startTagRegistry();
});
after(async () => {
  await registry.stop();
  await rm(folder, { recursive: true });
});

test("a pin that other files make ineffective gets a warning that names them", async () => {
  const files = {
    "app/Dockerfile": "ARG V=1\nFROM REG/x:$V\nFROM REG/y:1\n",
    "compose.yaml": "services:\n  web:\n    build:\n      context: app\n      args: {V: 2}\n",
    "ci/docker-bake.hcl": 'target "app" {\n  context = "../app"\n  contexts = {\n    "REG/y:1" = "../rootfs"\n  }\n}\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text.replaceAll("REG", registry.host));
  }
  const { stdout, code } = await imagewright(["pin", "--kind", "bake", "."], {
    cwd: folder,
    env: { HOME: folder, DOCKER_HOST: "unix:///nowhere.sock" },
  });
  assert.equal(code, 0);
  const said = stdout.replaceAll(registry.host, "REG");
  assert.match(said, /x:\$V .*; but \.\.\/compose\.yaml:5 \(service web\) sets ARG V/);
  assert.match(
    said,
    /y:1 .*; but \.\.\/ci\/docker-bake\.hcl:4 \(target app\) replaces REG\/y:1, but not with a digest; name it REG\/y:1@sha256/,
  );
});
