import assert from "node:assert/strict";
import { test } from "node:test";
import { layerCacheFolder } from "../../../oci/source/cacheFolder.ts";

for (const [title, platform, env, folder] of [
  ["Linux", "linux", {}, "/home/ada/.cache/imagewright/layers"],
  ["Linux with XDG_CACHE_HOME", "linux", { XDG_CACHE_HOME: "/big/cache" }, "/big/cache/imagewright/layers"],
  [
    "Linux with a relative XDG_CACHE_HOME, which is ignored",
    "linux",
    { XDG_CACHE_HOME: "x" },
    "/home/ada/.cache/imagewright/layers",
  ],
  ["macOS", "darwin", {}, "/home/ada/Library/Caches/imagewright/layers"],
] as const)
  test(`contents are stored where caches belong: ${title}`, () => {
    assert.equal(layerCacheFolder({ env, homedir: "/home/ada", platform }), folder);
  });
