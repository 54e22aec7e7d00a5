import tseslint from "typescript-eslint";
import { textLookup } from "./test/eslint/textLookup.mjs";

/**
 * The imports forbidden in a zone, with the reason. Flat config replaces a rule in a narrower zone, so each zone lists
 * all forbidden imports.
 */
const zone = (files, ...forbidden) => ({
  files,
  rules: {
    "no-restricted-imports": ["error", { patterns: forbidden.map(([group, message]) => ({ group, message })) }],
  },
});
const node = [["node:*"], "this library does no IO"];
const vscode = [["vscode", "vscode-*", "vscode-*/**"], "only server/ and client/ speak LSP and VS Code"];
const clientLsp = [
  ["vscode-languageserver", "vscode-languageserver/**"],
  "the client talks to the server by its protocol",
];
const serverVscode = [
  ["vscode", "vscode-languageclient", "vscode-languageclient/**"],
  "the server runs in any LSP editor",
];
const engine = [["dockerode", "tar-stream"], "engines and archives are read in oci"];
const source = [
  ["**/oci/{archive,catalog,credentials,engine,files,layers,process,registry,source,tar}/**"],
  "this part is pure: facts come in as values",
];

export default tseslint.config(
  { ignores: ["dist/**", ".tsbuild/**", "node_modules/**", ".rig/**", "test/artefacts/**"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-lines-per-function": ["error", { max: 50 }],
      "max-depth": ["error", 3],
      complexity: ["error", 12],
      "max-params": ["error", 4],
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: "error",
      "no-console": "error",
      "prefer-const": "error",
      "@typescript-eslint/no-explicit-any": "error",
      // node:test's own functions return promises, which the runner awaits.
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            {
              from: "package",
              package: "node:test",
              name: ["test", "suite", "describe", "it", "before", "after", "beforeEach", "afterEach"],
            },
          ],
        },
      ],
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/only-throw-error": "error",
    },
  },
  {
    files: ["{oci,dockerfile,references,server,client,cli,media}/**/*.ts"],
    plugins: { imagewright: { rules: { "text-lookup": textLookup } } },
    rules: { "imagewright/text-lookup": "error" },
  },
  zone(["oci/**/*.ts"], vscode),
  zone(["oci/{core,images,packages}/**/*.ts"], node, vscode, engine, source),
  zone(["{dockerfile,references}/**/*.ts"], vscode, engine),
  zone(
    ["dockerfile/{syntax,shell,patterns,edit,semantics,lint,size,origin}/**/*.ts", "references/{builds,in}/**/*.ts"],
    node,
    vscode,
    engine,
    source,
  ),
  zone(["server/protocol/**/*.ts", "media/**/*.ts"], node, vscode, engine, source),
  zone(["server/src/**/*.ts"], serverVscode, engine),
  zone(["client/**/*.ts"], clientLsp, engine),
  zone(["cli/**/*.ts"], vscode, engine),
  {
    // Test files are lists of cases, whose describe blocks are naturally long. Programs for the terminal print.
    files: ["test/**/*.ts", "docs/**/*.ts"],
    rules: { "max-lines-per-function": "off", "max-lines": ["error", { max: 500 }], "no-console": "off" },
  },
  { files: ["cli/**/*.ts"], rules: { "no-console": "off" } },
);
