import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeSettings, readSetting, settingKey, settings } from "../../server/protocol/settings.ts";

test("each setting that the server reads is decoded from its row alone", () => {
  const { rules, ...decoded } = decodeSettings(undefined);
  assert.deepEqual(rules, {});
  assert.deepEqual(
    Object.values(decoded),
    settings.filter(({ readBy }) => readBy !== "client").map((setting) => setting.default),
  );
});

test("a setting of another type takes its default", () => {
  const section = { network: "no", engine: { host: "tcp://a" }, registries: { insecure: ["a", 1] }, rules: { a: 1 } };
  const { isNetworkAllowed, engineHost, insecureRegistries, rules } = decodeSettings(section);
  assert.deepEqual(
    { isNetworkAllowed, engineHost, insecureRegistries, rules },
    { isNetworkAllowed: true, engineHost: "tcp://a", insecureRegistries: ["a"], rules: {} },
  );
});

test("one setting is read by its name", () => {
  assert.equal(settingKey("showsDangling"), "images.showDangling");
  assert.equal(
    readSetting("showsDangling", (key) => key !== settingKey("showsDangling")),
    false,
  );
});
