import assert from "node:assert/strict";
import { test } from "node:test";
import { namesIn } from "../../cli/src/registryNames.ts";
import { success } from "../../oci/core/error.ts";
import { formatReference } from "../../oci/core/reference.ts";

const { signal } = new AbortController();

/** The names that the registry lists for this operand. */
async function listed(written: string): Promise<string> {
  let asked = "";
  const list = (what: string) => {
    asked = what;
    return Promise.resolve(success({ names: ["x"], isCut: false }));
  };
  const { names } = await namesIn(
    {
      repositories: (host) => list(`repositories of ${host}`),
      tags: (reference) => list(`tags of ${formatReference(reference)}`),
    },
    written,
    signal,
  );
  return `${asked}: ${names.join()}`;
}

for (const [written, expected] of [
  ["ghcr.io", "repositories of ghcr.io: ghcr.io/x"],
  ["localhost:5000", "repositories of localhost:5000: localhost:5000/x"],
  ["127.0.0.1:5000/", "repositories of 127.0.0.1:5000: 127.0.0.1:5000/x"],
  ["[::1]:5000", "repositories of [::1]:5000: [::1]:5000/x"],
  ["registry:5000/", "repositories of registry:5000: registry:5000/x"],
  ["debian", "tags of docker.io/library/debian: debian:x"],
  ["debian:12.5", "tags of docker.io/library/debian:12.5: debian:x"],
  ["[::1]:5000/team/app", "tags of [::1]:5000/team/app: [::1]:5000/team/app:x"],
] as const) {
  test(`registry:${written} lists ${expected.split(":")[0] ?? ""}`, async () =>
    assert.equal(await listed(written), expected));
}

test("an operand that isn't a host or a repository is refused", async () => {
  await assert.rejects(listed("user@ghcr.io"), /user@ghcr\.io/);
});
