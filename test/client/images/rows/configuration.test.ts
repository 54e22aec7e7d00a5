import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { childrenOf } from "../../../../client/src/images/children.ts";
import type { ImageConfig } from "../../../../oci/core/config.ts";
import { config, digest, image, layer, summary } from "../../../support/images/literalImages.ts";
import { draw, context, imageNode, never, readers, rowOf } from "../fakeTree.ts";

describe("rows of the configuration", () => {
  const rows = async (
    more: Partial<ImageConfig>,
  ): Promise<{ readonly text: string; readonly row: (label: string) => Promise<string> }> => {
    const drawn = context(
      readers({}, [summary()], image({ config: config(more), annotations: { "org.opencontainers.image.title": "x" } })),
    );
    const section = await rowOf("Configuration", imageNode(), drawn);
    return { text: await draw(section, drawn), row: async (label) => draw(await rowOf(label, section, drawn), drawn) };
  };

  test("unset values are shown with the default that applies", async () => {
    assert.equal(
      (await rows({})).text,
      `
User | root (default)
Entrypoint | none
Cmd | none
Working directory | / (default)
Stop signal | SIGTERM (default)
Annotations | 1
Platform | linux/amd64`,
    );
  });

  test("each variable, port and label has a row", async () => {
    const { text, row } = await rows({
      user: "app",
      cmd: ["node", "a b.js"],
      entrypoint: ["tini", "--"],
      env: ["A=b=c", "EMPTY="],
      exposedPorts: ["80/tcp"],
      labels: { a: "1" },
      healthcheck: ["CMD-SHELL", "curl -f localhost"],
      healthcheckOptions: { interval: 90e9, startInterval: 500e6, retries: 3 },
      stopSignal: "SIGINT",
      created: "2024-01-01T00:00:00Z",
    });
    for (const line of [
      "User | app",
      'Cmd | ["node","a b.js"]',
      "Health check | curl -f localhost",
      "Health check interval | 1 min 30 s",
      "Health check start interval | 500 ms",
      "Health check retries | 3",
      "Stop signal | SIGINT",
      "Created | 2024-01-01 00:00:00 UTC",
    ])
      assert.ok(text.includes(`\n${line}`), line);
    assert.equal(await row("Environment"), "\nA | b=c\nEMPTY |");
    assert.equal(await row("Exposed ports"), "\n80/tcp |");
  });

  test("variables that look like secrets are marked by name if they have a value", async () => {
    const { text } = await rows({
      env: ["DB_PASSWORD=x", "API_KEY=y", "TOKEN=", "GPG_KEY=public", "SECRET_FILE=/run/s", "MONKEY_TOKENIZER=z"],
    });
    assert.match(text, /\nEnvironment \| 6 · 2 look like a secret\n/);
  });
});

test("every digest of an image is listed by kind, and missing ones are shown as unknown", async () => {
  const drawn = context(
    readers(
      {},
      [summary()],
      image({
        tags: ["b:1", "a:1"],
        repoDigests: [`a@${digest("c")}`],
        indexDigest: digest("a"),
        manifestDigest: digest("b"),
        layers: [layer(0)],
      }),
    ),
  );
  const section = await rowOf("Tags and Digests", imageNode(), drawn);
  assert.equal(
    await draw(section, drawn),
    `
Tag | a:1
Tag | b:1
Repository digest | a@${digest("c")}
Index digest | ${digest("a")}
Manifest digest | ${digest("b")}
Image ID | ${digest("a")}
ChainID of all layers | ${digest("0")}
Config digest | Not available from this source`,
  );
  const id = (await childrenOf(section, drawn, never)).find((row) => row.kind === "fact" && row.name === "Image ID");
  assert.equal(id?.kind === "fact" && id.explanation, "The ID in this source: here the index digest");
});
