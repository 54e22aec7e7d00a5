import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseReference } from "../../../oci/core/reference.ts";
import { createRegistrySource, type RegistryOptions } from "../../../oci/registry/registry.ts";
import type { Answerer, FakeHttpServer } from "../../support/fakeHttpServer.ts";
import { serve } from "../../support/registry/serve.ts";

const { signal } = new AbortController();

async function tagsOf(
  answer: Answerer,
  options: RegistryOptions = {},
): Promise<{ readonly said: string; readonly names: readonly string[]; readonly server: FakeHttpServer }> {
  const server = await serve(answer);
  const reference = parseReference(`${server.host}/a/b:1`);
  assert.ok(reference.ok);
  const tags = await createRegistrySource({ retryDelaysMs: [], ...options }).tags(reference.value, signal);
  return {
    said: tags.ok
      ? `${tags.value.names.length}${tags.value.isCut ? " and more" : ""}`
      : `${tags.error.kind}: ${tags.error.message}`,
    names: tags.ok ? tags.value.names : [],
    server,
  };
}

async function repositoriesOf(answer: Answerer): Promise<string> {
  const server = await serve(answer);
  const list = await createRegistrySource({ retryDelaysMs: [] }).repositories(server.host, signal);
  return list.ok
    ? list.value.names.join()
    : `${list.error.kind}: ${list.error.message.replaceAll(server.host, "HOST")}`;
}

const lines = ({ requests }: FakeHttpServer): readonly string[] => requests.map(({ line }) => line);

describe("the tags of a repository", () => {
  test("tags are read page by page, the newest version first", async () => {
    const pages: Readonly<Record<string, readonly [readonly string[], string]>> = {
      "n=1000": [["1.9", "latest"], '</v2/a/b/tags/list?last=latest&n=1000>; rel="next"'],
      "last=latest&n=1000": [["1.10", "1.9"], ""],
    };
    const { names, server } = await tagsOf(({ line }, response) => {
      const [tags = [], link = ""] = pages[line.split("?")[1] ?? ""] ?? [];
      response.writeHead(200, link === "" ? {} : { link }).end(JSON.stringify({ name: "a/b", tags }));
    });
    assert.deepEqual(names, ["1.10", "1.9", "latest"]);
    assert.deepEqual(lines(server), ["GET /v2/a/b/tags/list?n=1000", "GET /v2/a/b/tags/list?last=latest&n=1000"]);
  });
  test("only the query of the next page's link is used: no other host or path is contacted", async () => {
    const { server } = await tagsOf(
      ({ line }, response) =>
        void response
          .writeHead(200, { link: '<http://169.254.169.254/latest/meta-data?last=x>; rel="next"' })
          .end(JSON.stringify({ tags: [line] })),
    );
    assert.deepEqual(lines(server), [
      "GET /v2/a/b/tags/list?n=1000",
      "GET /v2/a/b/tags/list?last=x",
      "GET /v2/a/b/tags/list?last=x",
    ]);
  });
  test("an endless list of tags is cut, and the cut is reported", async () => {
    let count = 0;
    const endless: Answerer = (_, response) =>
      void response
        .writeHead(200, { link: '</x?last=y>; rel="next"' })
        .end(JSON.stringify({ tags: Array.from({ length: 900 }, () => `t${count++}`) }));
    const { said, server } = await tagsOf(endless);
    assert.deepEqual([said, server.requests.length], ["10000 and more", 12]);
    const one = await tagsOf(
      (_, response) =>
        void response
          .writeHead(200, { link: '</x?last=y>; rel="next"' })
          .end(JSON.stringify({ tags: [`t${count++}`] })),
    );
    assert.deepEqual([one.said, one.server.requests.length], ["100 and more", 100]);
  });
  test("the limit on tags applies to all pages together", async () => {
    let count = 0;
    const { said, server } = await tagsOf(
      (_, response) =>
        void response
          .writeHead(200, { link: '</x?last=y>; rel="next"' })
          .end(JSON.stringify({ tags: [`t${count++}`], manifest: "x".repeat(12_000_000) })),
    );
    assert.deepEqual([said, server.requests.length], ["2 and more", 3]);
  });
  test("tags of null are an empty list", async () => {
    assert.equal((await tagsOf((_, response) => void response.end('{"name":"a/b","tags":null}'))).said, "0");
  });
  for (const [what, answer, expected] of [
    [
      "a repository that is not there",
      (_, response) => void response.writeHead(404).end("{}"),
      /^notFound: 127.*\/a\/b does not exist in its registry$/,
    ],
    ["no list", (_, response) => void response.end('{"tags":[{}]}'), /^badArchive: list\.tags\[0\]: expected a string/],
    ["no JSON", (_, response) => void response.end("<html>"), /^badArchive: not JSON/],
    ["an endless list", (_, response) => void response.end(`{"tags":["${"x".repeat(34_000_000)}"]}`), /^tooLarge/],
    ["a failure", (_, response) => void response.writeHead(500).end(), /^badAnswer: .* failed for .*a\/b \(500\)$/],
  ] satisfies readonly (readonly [string, Answerer, RegExp])[]) {
    test(what, async () => assert.match((await tagsOf(answer)).said, expected));
  }
});

describe("the repositories of a registry", () => {
  test("repositories are listed by name", async () =>
    assert.equal(await repositoriesOf((_, response) => void response.end('{"repositories":["b/c","a"]}')), "a,b/c"));
  test("the list of repositories requires its own token", async () => {
    const server = await serve(({ line, authorization }, response) => {
      if (line.startsWith("GET /token")) response.end('{"token":"good"}');
      else if (authorization === "Bearer good") response.end('{"repositories":["a"]}');
      else
        response.writeHead(401, { "www-authenticate": `Bearer realm="http://${server.host}/token",service="s"` }).end();
    });
    assert.ok((await createRegistrySource().repositories(server.host, signal)).ok);
    assert.deepEqual(lines(server), [
      "GET /v2/_catalog?n=1000",
      "GET /token?scope=registry%3Acatalog%3A*&service=s",
      "GET /v2/_catalog?n=1000",
    ]);
  });
  for (const status of [404, 405, 501]) {
    test(`repositories are not listed (${status})`, async () => {
      assert.equal(
        await repositoriesOf((_, response) => void response.writeHead(status).end()),
        "unsupported: HOST does not list its repositories; name the repository you want",
      );
    });
  }
  test("repositories are not public (401)", async () => {
    assert.equal(
      await repositoriesOf((_, response) => void response.writeHead(401, { "www-authenticate": "Basic" }).end()),
      'unauthorized: the list of repositories of HOST does not exist or is not public: if it is private, log in with "docker login HOST"; or name the repository you want',
    );
  });
});
