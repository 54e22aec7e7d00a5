// Bundles the four programs and the webview into dist/. `--watch` rebuilds on change, `--production` minifies.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { build, context, transform } from "esbuild";
import subsetFont from "subset-font";

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
 * The shell grammar's runtime imports "module" in a function that declares its own `require`. `asCommonJs` would turn that
 * import into a call of this `require`.
 */
const grammarRuntime = {
  name: "grammar-runtime",
  setup(build) {
    build.onLoad({ filter: /tree-sitter-wasm[\\/]wasm[\\/]tree-sitter\.js$/ }, async ({ path }) => {
      const parts = (await readFile(path, "utf8")).split('await import("module")');
      if (parts.length !== 2) throw new Error(`${path} has changed: see grammarRuntime`);
      return { contents: `const nodeModule = require("node:module");\n${parts.join("nodeModule")}` };
    });
  },
};

/** The texts of the extension go through VS Code's `l10n`, which its sources can't import outside VS Code. */
const translatedTexts = {
  name: "translated-texts",
  setup(build) {
    const plain = join(import.meta.dirname, "client/src/ui/l10n.ts");
    build.onResolve({ filter: /\/l10n\.ts$/ }, ({ path, resolveDir }) =>
      join(resolveDir, path) === plain ? { path: "vscode", external: true } : undefined,
    );
  },
};

/**
 * What a program loads by `import(…)` becomes a file of its own in `folder`, and all that it reads at once becomes one file:
 * starting it reads little, and once. esbuild splits only ES modules, into a chunk for each set of users, and VS Code loads
 * CommonJS in every host, so the split files are bundled a second time. A file loaded later finds the chunks of the first
 * one among that file's exports.
 */
function asCommonJs(entry, folder) {
  return {
    name: "as-common-js",
    setup(build) {
      build.onEnd(async ({ errors, outputFiles = [], metafile }) => {
        if (errors.length > 0) return;
        const texts = new Map(outputFiles.map(({ path, text }) => [relative(".", path), text]));
        const atOnce = requiredAtOnce(entry, metafile.outputs);
        const [firstLine = ""] = texts.get(entry).match(/^#!.*/) ?? [];
        const later = [...texts.keys()].filter((path) => path.endsWith(".js") && !atOnce.has(path));
        // Names of chunks change with their content.
        await rm(folder, { recursive: true, force: true });
        await Promise.all([entry, ...later].map((path) => writeCommonJs(path, { entry, atOnce, texts, firstLine })));
      });
    },
  };
}

/** The outputs that one reads before anything of it runs: itself, and what it imports other than by `import(…)`. */
function requiredAtOnce(entry, outputs) {
  const found = new Set([entry]);
  for (const path of found)
    for (const { path: imported, kind } of outputs[path].imports)
      if (kind === "import-statement" && imported in outputs) found.add(imported);
  return found;
}

async function writeCommonJs(path, split) {
  const isEntry = path === split.entry;
  await build({
    ...node,
    metafile: false,
    outdir: undefined,
    outfile: path,
    entryPoints: [isEntry ? "whole-entry" : path],
    format: "cjs",
    supported: { "dynamic-import": false },
    ...(isEntry ? { banner: { js: split.firstLine } } : besideEntry),
    logLevel: "warning",
    // The first pass has warned already.
    logOverride: { "empty-import-meta": "silent", "direct-eval": "silent" },
    plugins: [splitFiles(path, split)],
  });
}

/** Programs find the files beside them by the folder of their first file; the others are in a folder of it. */
const besideEntry = {
  define: { __dirname: "programFolder" },
  banner: { js: 'const programFolder = require("node:path").dirname(__dirname);' },
};

/** Reads the files that esbuild split from memory; see `asCommonJs`. */
function splitFiles(output, { entry, atOnce, texts }) {
  const name = (path) => `chunk_${basename(path, ".js").replace(/\W/g, "_")}`;
  const fromOutput = (path) => {
    const link = relative(dirname(output), path);
    return link.startsWith(".") ? link : `./${link}`;
  };
  return {
    name: "split-files",
    setup(build) {
      build.onResolve({ filter: /^whole-entry$/ }, ({ path }) => ({ path, namespace: path }));
      build.onResolve({ filter: /\.js$/ }, ({ path, kind, importer, namespace }) => {
        if (namespace === "of-entry") return { path, external: true };
        const target = namespace === "split" && path.startsWith(".") ? join(dirname(importer), path) : path;
        if (!texts.has(target)) return undefined;
        if (kind === "dynamic-import") return { path: fromOutput(target), external: true };
        if (target === output || (output === entry && atOnce.has(target))) return { path: target, namespace: "split" };
        return atOnce.has(target)
          ? { path: target, namespace: "of-entry" }
          : { path: fromOutput(target), external: true };
      });
      build.onLoad({ filter: /.*/, namespace: "whole-entry" }, () => ({
        contents: [...atOnce]
          .map((path) => `export * ${path === entry ? "" : `as ${name(path)} `}from ${JSON.stringify(path)};`)
          .join("\n"),
        resolveDir: ".",
      }));
      build.onLoad({ filter: /.*/, namespace: "of-entry" }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(fromOutput(entry))}).${name(path)};`,
      }));
      build.onLoad({ filter: /.*/, namespace: "split" }, ({ path }) => {
        const map = texts.get(`${path}.map`);
        const link = map && `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}`;
        const text = texts.get(path);
        return { contents: link ? text.replace(/\/\/# sourceMappingURL=.*/, () => link) : text };
      });
    },
  };
}

const shared = {
  bundle: true,
  sourcemap: production ? false : "linked",
  minify: production,
  legalComments: "none",
  metafile: true,
  // Code that runs from sources asks for import.meta.url only where there is no __dirname.
  logOverride: { "empty-import-meta": "silent" },
  logLevel: "info",
};

// Its other build requires its parts in a way that no bundler follows.
const jsoncParser = { "jsonc-parser": "jsonc-parser/lib/esm/main.js" };

const node = { ...shared, outdir: "dist", platform: "node", target: "node20", external: ["vscode"] };

const programs = {
  ...node,
  entryPoints: {
    server: "server/src/main.ts",
    layerWorker: "oci/layers/worker.ts",
    packageIndexWorker: "dockerfile/facts/fetch/apt/worker.ts",
  },
  format: "cjs",
  alias: jsoncParser,
  plugins: [withoutUnusedTransports],
};

const extension = split("extension", "client/src/extension.ts", "chunks");
const cli = split("cli", "cli/src/main.ts", "cliChunks");

function split(name, source, folder) {
  return {
    ...node,
    entryPoints: { [name]: source },
    format: "esm",
    splitting: true,
    chunkNames: `${folder}/[name]-[hash]`,
    write: false,
    alias: jsoncParser,
    plugins: [
      withoutUnusedTransports,
      grammarRuntime,
      translatedTexts,
      asCommonJs(`dist/${name}.js`, `dist/${folder}`),
    ],
  };
}

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
const { version } = JSON.parse(await readFile("package.json", "utf8"));
await writeFile("dist/package.json", `${JSON.stringify({ type: "commonjs", version })}\n`);
const copied = {
  "tree-sitter.wasm": "@vscode/tree-sitter-wasm/wasm/tree-sitter.wasm",
  "tree-sitter-bash.wasm": "@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm",
  "tree-sitter-hcl.wasm": "@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm",
};
const icons = {
  "media/codicon.css": "@vscode/codicons/dist/codicon.css",
  "media/codicon.ttf": "@vscode/codicons/dist/codicon.ttf",
};
for (const [target, source] of Object.entries(copied)) await cp(`node_modules/${source}`, `dist/${target}`);
await writeIcons();

const bundles = await Promise.all([programs, extension, cli, webviews].map(context));
const outputs = {};
for (const bundle of bundles) {
  if (watch) await bundle.watch();
  else {
    Object.assign(outputs, (await bundle.rebuild()).metafile.outputs);
    await bundle.dispose();
  }
}
if (!watch) await writeFile("dist/packages.json", `${JSON.stringify(packagesOf(outputs), undefined, 1)}\n`);

/** Writes the icon font and its styles with the icons that pages show. The whole font would be 4 % of the package. */
async function writeIcons() {
  const [styles, font] = await Promise.all(Object.values(icons).map((path) => readFile(`node_modules/${path}`)));
  const { code } = await transform(await readFile("media/grid/iconName.ts"), { loader: "ts", format: "esm" });
  const { iconNames } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  const general = styles.toString().split(/^\.codicon-add:before/m)[0];
  const rules = iconNames.map((name) => {
    const [rule, character] =
      new RegExp(`^\\.codicon-${name}:before \\{ content: "\\\\(.+)" \\}`, "m").exec(styles) ?? [];
    if (rule === undefined) throw new Error(`There is no codicon ${name}`);
    return { rule, character: String.fromCodePoint(Number.parseInt(character, 16)) };
  });
  await writeFile("dist/media/codicon.css", `${general}${rules.map(({ rule }) => rule).join("\n")}\n`);
  const used = rules.map(({ character }) => character).join("");
  await writeFile("dist/media/codicon.ttf", await subsetFont(font, used, { targetFormat: "truetype" }));
}

/** The packages of others in each file of dist/, as paths below node_modules, for the third-party notices. */
function packagesOf(outputs) {
  const bundled = Object.entries(outputs).map(([path, { inputs }]) => [relative("dist", path), Object.keys(inputs)]);
  const files = [
    ...bundled,
    ...Object.entries({ ...copied, ...icons }).map(([target, source]) => [target, [`node_modules/${source}`]]),
  ];
  const packages = files.map(([path, inputs]) => [path, [...new Set(inputs.flatMap(packageOf))].sort()]);
  return Object.fromEntries(packages.filter(([path, names]) => !path.endsWith(".map") && names.length > 0));
}

function packageOf(path) {
  const [, ...inside] = path.split(/(?:^|\/)node_modules\//);
  const name = inside.pop()?.match(/^(?:@[^/]+\/)?[^/]+/)?.[0];
  return name === undefined ? [] : [[...inside, name].join("/node_modules/")];
}
