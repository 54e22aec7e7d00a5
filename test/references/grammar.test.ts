// References of every form that distribution's grammar knows, valid and invalid, in one file: each valid one is pinned,
// each invalid one has a reason.
// @see https://github.com/distribution/reference/blob/main/regexp.go
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findReferences } from "../../dockerfile/references/findReferences.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { success } from "../../oci/core/error.ts";
import { formatReference } from "../../oci/core/reference.ts";
import type { DigestResolver } from "../../oci/source/source.ts";
import { planPins } from "../../references/plan.ts";
import { digest } from "../support/images/literalImages.ts";

const hex = "0123456789abcdef".repeat(4);

/** Written → the image that is looked up. */
const valid: Readonly<Record<string, string>> = {
  app_1: "docker.io/library/app_1:latest",
  "app.io:v1": "docker.io/library/app.io:v1",
  "app.io:5000": "docker.io/library/app.io:5000",
  "app.io/name:v1": "app.io/name:v1",
  "host:5000/name": "host:5000/name:latest",
  "host:5000/name:v1": "host:5000/name:v1",
  "name:UPPER": "docker.io/library/name:UPPER",
  "name:_x.y-z": "docker.io/library/name:_x.y-z",
  "sub-dom.example.com/a/b/c": "sub-dom.example.com/a/b/c:latest",
  "b.example.com/c.example.com/d-e:f.example.com": "b.example.com/c.example.com/d-e:f.example.com",
  "xn--n3h.example/name:xn--n3h.example": "xn--n3h.example/name:xn--n3h.example",
  "a_b.example:8080": "docker.io/library/a_b.example:8080",
  "a/b_c.example:8080": "docker.io/a/b_c.example:8080",
  "192.0.2.1": "docker.io/library/192.0.2.1:latest",
  "192.0.2.1:5000": "docker.io/library/192.0.2.1:5000",
  "192.0.2.1/name": "192.0.2.1/name:latest",
  "192.0.2.1:5000/name:5050": "192.0.2.1:5000/name:5050",
  "[2001:db8::1]/name": "[2001:db8::1]/name:latest",
  "[2001:db8:1:2:3:4:5:6]/name:v1": "[2001:db8:1:2:3:4:5:6]/name:v1",
  "[::1]:5000/name:v1": "[::1]:5000/name:v1",
  localhost: "docker.io/library/localhost:latest",
  "localhost/name": "localhost/name:latest",
  "docker.io/name": "docker.io/library/name:latest",
  "index.docker.io/name:v1": "docker.io/library/name:v1",
  "docker.io/library/name": "docker.io/library/name:latest",
  "Upper/name": "Upper/name:latest",
  a__b: "docker.io/library/a__b:latest",
  "a---b": "docker.io/library/a---b:latest",
  [`${"a/".repeat(127)}a:v1`]: `docker.io/${"a/".repeat(127)}a:v1`,
  [`name:${"t".repeat(128)}`]: `docker.io/library/name:${"t".repeat(128)}`,
};

const invalid: Readonly<Record<string, RegExp>> = {
  ":v1": /expected/,
  [`@sha256:${hex}`]: /expected/,
  "name:": /expected/,
  "name:-x": /expected/,
  "name:a/b": /expected/,
  "name:x:y": /expected/,
  [`name@sha256:${hex.slice(30)}`]: /not a valid digest/,
  [`name@unknown:${hex}`]: /not a valid digest/,
  [`name@sha256:${hex.toUpperCase()}`]: /not a valid digest/,
  "name@sha256": /expected|not a valid digest/,
  "Upper:v1": /lower case/,
  "host:5000/Upper/name:v1": /lower case/,
  [`${"a/".repeat(128)}a:v1`]: /255 characters/,
  "a/b^c/d": /expected/,
  "[2001:db8::1]": /expected/,
  "[2001:db8::1]:5000": /expected/,
  "[2001:db8::1]:v1": /expected/,
  "[fe80::1%eth0]:5000/name": /expected/,
  "https://example.com/name": /expected/,
  "a..b": /expected/,
  a___b: /expected/,
  _a: /expected/,
  "a-": /expected/,
  "a//b": /expected/,
  "/a": /expected/,
  "a/": /expected/,
  "host:port/name": /expected/,
  "-host/name": /expected/,
  [hex]: /image ID/,
  [`name:${"t".repeat(129)}`]: /expected/,
  ["a".repeat(1100)]: /at most 1024/,
};

const pinned: Readonly<Record<string, string>> = {
  [`host:5000/name@sha256:${hex}`]: "unchanged",
  [`host:5000/name:v1@sha256:${hex}`]: "unchanged",
  [`xn--n3h.example/name:v1@sha512:${hex}${hex}`]: "unchanged",
  [`[::1]:5000/name@sha256:${hex}`]: "unchanged",
};

/** Has every image, and records what is looked up. */
function everyImage(): DigestResolver & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve(reference) {
      asked.push(formatReference(reference));
      const mediaType = "application/vnd.oci.image.index.v1+json";
      return Promise.resolve(success({ digest: digest("a"), mediaType, isIndex: true, endpoint: reference.registry }));
    },
    content: () => Promise.resolve(success({ kind: "index" })),
  };
}

const places: Readonly<Record<string, (reference: string) => string>> = {
  FROM: (reference) => `FROM ${reference}\n`,
  "an ARG": (reference) => `ARG X=${reference}\nFROM \${X}\n`,
  "COPY --from": (reference) => `FROM scratch\nCOPY --from=${reference} / /\n`,
  "RUN --mount": (reference) => `FROM scratch\nRUN --mount=from=${reference},target=/x true\n`,
};

for (const [place, write] of Object.entries(places))
  describe(`in ${place}`, () => {
    test("every valid reference is pinned behind its tag, and nothing else is changed", async () => {
      for (const [written, image] of Object.entries(valid)) {
        const file = parse(write(written));
        const resolver = everyImage();
        const plan = await planPins({ references: findReferences(file), mode: "pin", resolver }, AbortSignal.any([]));
        assert.deepEqual(
          plan.outcomes.map(({ outcome }) => outcome),
          ["pinned"],
          written,
        );
        assert.deepEqual(resolver.asked, [image]);
        const [edit] = plan.edits;
        const end = file.text.indexOf(written) + written.length;
        assert.deepEqual(edit?.span, { start: end, end }, written);
        assert.match(edit.text, /^(?::latest)?@sha256:a{64}$/);
      }
    });

    test("a reference that is pinned stays as it is", async () => {
      for (const [written, outcome] of Object.entries(pinned)) {
        const references = findReferences(parse(write(written)));
        const plan = await planPins({ references, mode: "pin", resolver: everyImage() }, AbortSignal.any([]));
        assert.deepEqual([plan.outcomes.map((one) => one.outcome), plan.edits], [[outcome], []], written);
      }
    });

    test("every invalid reference has one reason and no lookup, and a valid one beside it is pinned", async () => {
      for (const [written, reason] of Object.entries(invalid)) {
        const references = findReferences(parse(`${write(written)}FROM good:1\n`));
        const resolver = everyImage();
        const plan = await planPins({ references, mode: "pin", resolver }, AbortSignal.any([]));
        const [bad, good, ...more] = plan.outcomes;
        assert.deepEqual([good?.outcome, bad?.outcome, more], ["pinned", "skipped", []], written);
        assert.match(bad?.message ?? "", reason, written);
        assert.deepEqual(resolver.asked, ["docker.io/library/good:1"]);
      }
    });
  });
