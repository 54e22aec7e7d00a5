import assert from "node:assert/strict";
import { test } from "node:test";
import { secretsIn } from "../../../dockerfile/lint/secretFormats.ts";

/** Invented, and assembled here to prevent scanners of this repository from reporting them. */
const random = (length: number): string => "k3Jd9sLq0ZxWv7Tb2NmRf5Yh8GcPa1Eu".repeat(8).slice(0, length);
const secrets: readonly (readonly [string, string, string])[] = [
  ["an AWS access key", "ARG K=", `AKI${"A"}J4W7QZ2MX5TV3KBN`],
  ["an AWS secret key", "ENV AWS_SECRET_ACCESS_KEY=", random(40)],
  ["a GitHub token", "RUN git clone https://", `gh${"p_"}${random(36)}`],
  ["a GitHub token", "x ", `github${"_pat_"}${random(82)}`],
  ["a GitLab token", "ENV T=", `gl${"pat-"}${random(20)}`],
  ["a Slack token", "ENV T=", `xo${"xb-"}1${random(30)}`],
  ["a Slack webhook", "RUN curl https://hooks.slack.com/services/", `T0AB1CD2E/B0AB1CD2E/${random(24)}`],
  ["an npm token", "RUN echo //npm.example/:_authToken=", `npm${"_"}${random(36)}`],
  ["a PyPI token", "ENV TWINE=", `pypi-${"AgE"}IcHlwaS5vcmc${random(80)}`],
  ["a Stripe key", "ENV S=", `sk${"_live_"}${random(24)}`],
  ["a Google API key", "ENV G=", `AI${"za"}${random(35)}`],
  ["a Docker Hub token", "ENV G=", `dckr${"_pat_"}${random(27)}`],
  ["a JSON web token", "LABEL t=", `ey${"J"}hbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.${random(43)}`],
  ["a private key", "RUN echo '", `-----BEGIN RSA ${"PRIVATE"} KEY-----`],
  ["a password in an address", "ENV U=amqp://app:", "hU7-2kd9"],
  ["a secret", "RUN app --token=", random(24)],
  ["a secret", 'ENV X=\'{"password": "', random(20)],
  ["a secret", "RUN app --api-key=1 --secret=", "9f86d081884c7d659a2feaa0c55ad015"],
];

for (const [what, before, secret] of secrets) {
  test(`${what} is found after ${before}`, () => {
    const after = what === "a private key" ? "\\nMIIEowIBAAKCAQEAx7" : what.includes("address") ? "@mq/x" : "";
    const text = `${before}${secret}${after}`;
    assert.deepEqual(
      secretsIn(text).map(({ what: found, start, end }) => [found, text.slice(start, end)]),
      [[what, secret]],
    );
  });
}

const harmless = [
  "ENV AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
  "ENV DATABASE_URL=postgres://postgres:postgres@db/app",
  "ENV DATABASE_URL=postgres://app:password@db/app",
  "ENV DATABASE_URL=postgres://user:${DB_PASSWORD}@db/app",
  "RUN git clone https://${TOKEN}:x-oauth-basic@github.com/a/b",
  "ENV SECRET_KEY_BASE=dummy",
  "RUN --mount=type=secret,id=npm_token_of_the_team cat /run/secrets/npm_token_of_the_team",
  "RUN export TOKEN=$(cat /run/secrets/token)",
  "RUN sed -i 's/password=changeme-please-now/password=/' /etc/x",
  "ENV TOKEN=/run/secrets/application-token-2",
  "ENV AUTH=https://auth.example.org/realms/v1",
  "ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568",
  "RUN grep -q -- '-----BEGIN PRIVATE KEY-----' /etc/key.pem",
  "RUN echo 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'",
  "ENV TOKEN=your-token-here-1234567890",
  "RUN curl http://localhost:8080@proxy/",
];

for (const text of harmless) test(`no secret is found in ${text}`, () => assert.deepEqual(secretsIn(text), []));

// No time is asserted: anything not linear doesn't end.
test("finding secrets takes linear time on any text", () => {
  for (const piece of ["eyJ", "a://", "AKIA", "token=", "a:", "-----BEGIN ", "gh", "x-"]) {
    secretsIn(piece.repeat(100_000));
  }
});
