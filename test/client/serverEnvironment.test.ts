import assert from "node:assert/strict";
import { test } from "node:test";
import { serverEnvironment } from "../../client/src/serverEnvironment.ts";

test("VS Code's proxy is passed to the server in the form that Node reads", () => {
  assert.deepEqual(
    serverEnvironment(
      { proxy: " http://proxy:3128 ", noProxy: ["localhost", "10.0.0.1"] },
      { PATH: "/bin", GONE: undefined },
    ),
    {
      PATH: "/bin",
      HTTPS_PROXY: "http://proxy:3128",
      HTTP_PROXY: "http://proxy:3128",
      NO_PROXY: "localhost,10.0.0.1",
      NODE_USE_ENV_PROXY: "1",
      NODE_USE_SYSTEM_CA: "1",
    },
  );
});

test("without a setting the environment's own proxy is kept", () => {
  assert.equal(serverEnvironment({ proxy: "" }, { HTTPS_PROXY: "http://own" })["HTTPS_PROXY"], "http://own");
  assert.equal(
    serverEnvironment({ proxy: "http://other", proxySupport: "off" }, { HTTPS_PROXY: "http://own" })["HTTPS_PROXY"],
    "http://own",
  );
});

test("system certificates can be left out", () => {
  assert.equal("NODE_USE_SYSTEM_CA" in serverEnvironment({ systemCertificates: false }, {}), false);
});
