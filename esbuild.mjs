// Bundles the four programs and the webview into dist/. `--watch` rebuilds on change, `--production` minifies.
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { context, transform } from "esbuild";

const watch = process.argv.includes("--watch");
const production = process.argv.includes("--production");

/**
 * dockerode brings ssh2 and gRPC for BuildKit sessions and its own ssh, and tar-fs for packing build contexts: none is used here,
 * and calling what is left of them throws. Its debug output would print the headers that logins are sent in. See ARCHITECTURE.md, "Bundles".
 */
const withoutUnusedTransports = {
  name: "without-unused-transports",
  setup(build) {
    const fromDockerode = /node_modules[\\/](dockerode|docker-modem)[\\/]/;
    build.onResolve(
      { filter: /^(ssh2|@grpc\/grpc-js|@grpc\/proto-loader|protobufjs|tar-fs|@balena\/dockerignore|debug)$/ },
      ({ path, importer }) => (fromDockerode.test(importer) ? { path, namespace: "unused-transport" } : undefined),
    );
    // Node's own streams do what the copy does.
    build.onResolve({ filter: /^readable-stream$/ }, ({ importer }) =>
      fromDockerode.test(importer) ? { path: "stream", external: true } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "unused-transport" }, ({ path }) => ({
      contents:
        path === "debug"
          ? "module.exports = () => () => {};"
          : `function unused() { throw new Error(${JSON.stringify(`${path} is not bundled`)}); }\nmodule.exports = new Proxy(unused, { get: (target, name) => (name === "prototype" ? target.prototype : module.exports) });`,
    }));
  },
};

/**
 * What the extension loads by `import(…)` becomes a chunk of its own, so that activation loads little. esbuild splits only ES modules,
 * and VS Code loads CommonJS in every host, so each file is rewritten as CommonJS once it is split: `import(…)` is a `require` then.
 */
const asCommonJs = {
  name: "as-common-js",
  setup(build) {
    build.onEnd(async ({ errors, outputFiles = [] }) => {
      if (errors.length > 0) return;
      // Names of chunks change with their content.
      await rm("dist/chunks", { recursive: true, force: true });
      for (const { path, text } of outputFiles.filter(({ path }) => path.endsWith(".js"))) {
        const map = outputFiles.find((file) => file.path === `${path}.map`);
        await writeCommonJs(path, text, map?.text);
      }
    });
  },
};

async function writeCommonJs(path, text, map) {
  const inlineMap = map && `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}`;
  const result = await transform(map ? text.replace(/\/\/# sourceMappingURL=.*/, inlineMap) : text, {
    format: "cjs",
    platform: "node",
    target: "node20",
    supported: { "dynamic-import": false },
    sourcefile: relative(dirname(path), path),
    sourcemap: map ? "external" : false,
    minify: production,
    legalComments: "none",
    logOverride: { "empty-import-meta": "silent" },
  });
  await mkdir(dirname(path), { recursive: true });
  const link = map ? `//# sourceMappingURL=${relative(dirname(path), path)}.map\n` : "";
  await writeFile(path, `${result.code}${link}`);
  if (map) await writeFile(`${path}.map`, result.map);
}

const shared = {
  bundle: true,
  sourcemap: production ? false : "linked",
  minify: production,
  legalComments: "none",
  // Code that runs from sources asks for import.meta.url only where there is no __dirname.
  logOverride: { "empty-import-meta": "silent" },
  logLevel: "info",
};

const node = { ...shared, outdir: "dist", platform: "node", target: "node20", external: ["vscode"] };

const programs = {
  ...node,
  entryPoints: { server: "server/src/main.ts", cli: "cli/src/main.ts", layerWorker: "oci/layers/worker.ts" },
  format: "cjs",
  plugins: [withoutUnusedTransports],
};

const extension = {
  ...node,
  entryPoints: { extension: "client/src/extension.ts" },
  format: "esm",
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  write: false,
  plugins: [withoutUnusedTransports, asCommonJs],
};

const webviews = {
  ...shared,
  entryPoints: { layerDiff: "media/layerDiff/main.ts", "layerDiff.style": "media/layerDiff/layerDiff.css" },
  outdir: "dist/media",
  platform: "browser",
  format: "iife",
  target: "chrome128",
};

await mkdir("dist/media", { recursive: true });
// The package is ESM, so that Node runs the TypeScript sources as modules; the bundles are CommonJS, as VS Code wants them.
await writeFile("dist/package.json", '{"type":"commonjs"}\n');
for (const file of ["tree-sitter.wasm", "tree-sitter-bash.wasm"])
  await cp(`node_modules/@vscode/tree-sitter-wasm/wasm/${file}`, `dist/${file}`);
await cp("node_modules/@vscode/codicons/dist/codicon.css", "dist/media/codicon.css");
await cp("node_modules/@vscode/codicons/dist/codicon.ttf", "dist/media/codicon.ttf");

const builds = await Promise.all([programs, extension, webviews].map(context));
for (const build of builds) {
  if (watch) await build.watch();
  else {
    await build.rebuild();
    await build.dispose();
  }
}
