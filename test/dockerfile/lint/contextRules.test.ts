import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ContextFile } from "../../../dockerfile/facts/fact.ts";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { checkDiagnostics, lint, shell, type CheckOptions, type KnownFacts } from "../../support/dockerfile/check.ts";
import { createBuild } from "../../../dockerfile/semantics/createBuild.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { runRules } from "../../../dockerfile/lint/run.ts";

interface Context {
  readonly isRootNamed?: true;
  readonly ignoreText?: string;
  readonly gitignoreText?: string;
  readonly isTruncated?: boolean;
  readonly bytes?: Readonly<Record<string, number>>;
}

/** A leading `!` means ignored. */
function contextOf(paths: readonly string[], { bytes = {}, ...more }: Context = {}): KnownFacts {
  const files = paths.map((path): ContextFile => ({
    path: path.replace(/^!/, ""),
    kind: "file",
    bytes: bytes[path] ?? 1,
    isIgnored: path.startsWith("!"),
  }));
  return [[{ kind: "contextFiles" }, { root: "/w", isTruncated: false, files, ...more }]];
}

function only(id: string): CheckOptions["rules"] {
  const rule = rules.find(({ meta }) => meta.id === id);
  assert.ok(rule, id);
  return [rule];
}

const contextRules = [
  "missing-source",
  "source-case",
  "empty-glob",
  "copy-ignored-file",
  "copied-secret",
  "needless-context",
  "unlocked-install",
  "sources-before-install",
];

function found(text: string, facts: KnownFacts): string {
  return lint(text, { facts, rules: contextRules.flatMap((id) => only(id) ?? []) })
    .map(({ rule, span }) => `${rule.id}: ${text.slice(span.start, span.end)}`)
    .join("; ");
}

describe("rules about the context don't report", () => {
  const files = ["package.json", "src/a.js"];
  for (const [claim, text, paths, context] of [
    ["sources from other stages", "FROM a AS b\nFROM a\nCOPY --from=b /missing /\n", files, {}],
    ["heredocs", "FROM a\nCOPY <<EOF /missing\nx\nEOF\n", files, {}],
    ["URLs and repositories", "FROM a\nADD https://e.org/x git@github.com:a/b.git /x/\n", files, {}],
    ["sources that depend on an unknown variable", "FROM a\nARG V\nCOPY $V/x missing${V} /\n", files, {}],
    ["triggers, which run in another context", "FROM a\nONBUILD COPY missing /\n", files, {}],
    ["anything unless all files are known", "FROM a\nCOPY missing *.zz /\n", files, { isTruncated: true }],
    [
      "files that Git ignores",
      "FROM a\nCOPY app.jar package.json /\nCOPY gen/*.c /\n",
      files,
      { gitignoreText: "*.jar\n/gen/\n" },
    ],
    [
      "output folders that haven't been built yet",
      "FROM a\nCOPY target/app.jar package.json /\nCOPY dist/ /srv/\nCOPY build/libs/*.jar /\n",
      files,
      {},
    ],
    [
      "three missing sources, which suggest another context",
      "FROM a\nCOPY main.c lib.c /\nCOPY conf /etc\n",
      files,
      {},
    ],
    ["optional files", "FROM a\nCOPY package.json yarn.lock* .npmr[c] Pipfile* /\n", files, {}],
    [
      "a bind mount from another stage or with a variable",
      "FROM a AS b\nFROM a\nRUN --mount=from=b,source=/missing,target=/x --mount=source=$X,target=/y ls\n",
      files,
      {},
    ],
    ["cache mounts", "FROM a\nRUN --mount=type=cache,source=missing,target=/x ls\n", files, {}],
    [".git if Git is used", "FROM a\nCOPY . .\nRUN git describe\n", [".git/HEAD"], {}],
    [
      "node_modules if nothing installs it",
      "FROM a\nCOPY . .\n",
      ["node_modules/a.js"],
      { bytes: { "node_modules/a.js": 5e6 } },
    ],
    [
      "node_modules that are named elsewhere",
      "FROM a\nCOPY node_modules /n\nCOPY . .\nRUN npm ci\n",
      ["node_modules/a.js"],
      { bytes: { "node_modules/a.js": 5e6 } },
    ],
    ["small folders", "FROM a\nCOPY . .\n", ["a/__pycache__/x.pyc"], {}],
    ["folders that --exclude excludes", "FROM a\nCOPY --exclude=.git . .\n", [".git/HEAD"], {}],
    [
      "a folder called target that wasn't created by a tool",
      "FROM a\nCOPY . .\n",
      ["target/x"],
      { bytes: { "target/x": 5e6 } },
    ],
    [
      "an install of one package",
      "FROM a\nCOPY package.json package-lock.json ./\nRUN npm install -g npm && npm install left-pad\n",
      ["package.json", "package-lock.json"],
      {},
    ],
    ["an install without a lock file", "FROM a\nCOPY package.json ./\nRUN npm install\n", ["package.json"], {}],
    [
      "an install in another folder",
      "FROM a\nCOPY package.json package-lock.json /app/\nRUN cd /tool && npm install\n",
      ["package.json", "package-lock.json"],
      {},
    ],
    [
      "an install with CI set",
      "FROM a\nENV CI=true\nCOPY package.json pnpm-lock.yaml ./\nRUN pnpm install\n",
      ["package.json", "pnpm-lock.yaml"],
      {},
    ],
    [
      "an install that deliberately ignores the lock file",
      "FROM a\nCOPY package.json pnpm-lock.yaml ./\nRUN pnpm install --no-frozen-lockfile\n",
      ["package.json", "pnpm-lock.yaml"],
      {},
    ],
    [
      "an install with a configured Bundler",
      "FROM a\nCOPY Gemfile Gemfile.lock ./\nRUN bundle config set frozen true && bundle install\n",
      ["Gemfile", "Gemfile.lock"],
      {},
    ],
    [
      "an install whose manifest was copied and installed before",
      "FROM a\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm ci --omit=dev\n",
      ["package.json", "package-lock.json", "a.js", "b.js"],
      {},
    ],
    [
      "an install of the project itself",
      "FROM a\nCOPY . .\nRUN poetry install\nRUN pip install .\n",
      ["pyproject.toml", "a.py", "b.py", "c.py"],
      {},
    ],
  ] as const) {
    test(claim, () => assert.equal(found(text, contextOf(paths, context)), ""));
  }

  for (const state of [{ state: "pending" }, { state: "unavailable", reason: "" }] as const) {
    test(`anything while the context is ${state.state}`, () => {
      const text = "FROM a\nCOPY missing . /\nRUN npm install\n";
      const reports = runRules(createBuild(parse(text), shell, { get: () => state }), {
        rules: contextRules.flatMap((id) => only(id) ?? []),
      });
      assert.deepEqual(reports, []);
    });
  }
});

describe("rules about the context report", () => {
  for (const [claim, text, paths, expected] of [
    [
      "a bind mount's source",
      "FROM a\nRUN --mount=type=bind,source=missing,target=/x ls\n",
      ["a"],
      "missing-source: missing",
    ],
    ["a variable with a known value", "FROM a\nARG V=1\nCOPY app-$V.js /\n", ["app-2.js"], "missing-source: app-$V.js"],
    ["a source in JSON form", 'FROM a\nCOPY ["mis sing", "/"]\n', ["a"], "missing-source: mis sing"],
    ["the file with that name elsewhere", "FROM a\nCOPY app.py x y z /\n", ["src/app.py"], "missing-source: app.py"],
    ["different case in a folder's name", "FROM a\nCOPY SRC/a.js /\n", ["src/a.js"], "source-case: SRC/a.js"],
    ["a pattern whose matches are all ignored", "FROM a\nCOPY *.txt /\n", ["!a.txt", "b"], "copy-ignored-file: *.txt"],
    [
      "a separator that only works on Windows",
      "# escape=`\nFROM a\nCOPY src\\a.js /\n",
      ["src/b.js"],
      "missing-source: src\\a.js",
    ],
    [
      "uv without an option for the lock",
      "FROM a\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN uv sync\n",
      ["pyproject.toml", "uv.lock"],
      "unlocked-install: uv sync",
    ],
    [
      "pip next to a lock file it can't read",
      "FROM a\nCOPY . /app\nRUN cd /app && pip install .\n",
      ["pyproject.toml", "uv.lock"],
      "unlocked-install: pip install",
    ],
    [
      "composer update",
      "FROM a\nCOPY composer.* ./\nRUN composer update --no-scripts\n",
      ["composer.json", "composer.lock"],
      "unlocked-install: composer update",
    ],
    [
      "yarn alone",
      "FROM a\nCOPY package.json yarn.lock ./\nRUN yarn\n",
      ["package.json", "yarn.lock"],
      "unlocked-install: yarn",
    ],
    [
      "an install with mounted manifests",
      "FROM a\nWORKDIR /app\nRUN --mount=source=package.json,target=package.json --mount=source=package-lock.json,target=package-lock.json npm install\n",
      ["package.json", "package-lock.json"],
      "unlocked-install: npm install",
    ],
    [
      "an install below the copied folder",
      "FROM a\nCOPY . /app\nWORKDIR /app/web\nRUN npm install\n",
      ["web/package.json", "web/package-lock.json"],
      "unlocked-install: npm install",
    ],
    [
      "an install in a stage built on the one that copied",
      "FROM a AS b\nCOPY package.json yarn.lock /app/\nFROM b\nRUN cd /app && yarn install\n",
      ["package.json", "yarn.lock"],
      "unlocked-install: yarn install",
    ],
    [
      "requirements copied with all sources",
      "FROM a\nCOPY . .\nRUN pip install -r requirements.txt\n",
      ["requirements.txt", "a.py", "b.py"],
      "sources-before-install: .",
    ],
  ] as const) {
    test(claim, () => assert.equal(found(text, contextOf(paths)), expected));
  }
});

test("in a context that the user named, all missing sources are reported", () => {
  assert.equal(
    found("FROM a\nCOPY x y z /\n", contextOf(["a"], { isRootNamed: true })),
    "missing-source: x; missing-source: y; missing-source: z",
  );
});

test("a secret in a stage that isn't shipped isn't reported", () => {
  const facts: KnownFacts = [
    [
      { kind: "contextFiles" },
      {
        root: "/w",
        isTruncated: false,
        files: [{ path: "id_rsa", kind: "file", bytes: 1, isIgnored: false, secretKind: "private key" }],
      },
    ],
  ];
  assert.equal(found("FROM a AS b\nCOPY id_rsa /\nFROM a\nCOPY --from=b /x /\n", facts), "");
  assert.equal(found("FROM a AS b\nCOPY id_rsa /\nFROM b\n", facts), "copied-secret: id_rsa");
});

test("the finding names the deciding line of the ignore file, not an exception above it", () => {
  checkDiagnostics(
    `FROM scratch
COPY logs/keep.log /
     ^^^^^^^^^^^^^ Dockerfile.dockerignore line 3 (logs) excludes logs/keep.log, so the build won't find it; add !logs/keep.log below that line, or don't copy it
`,
    {
      rules: only("copy-ignored-file") ?? [],
      facts: [
        [
          { kind: "contextFiles" },
          {
            root: "/w",
            ignoreFile: "Dockerfile.dockerignore",
            ignoreText: "*.md\n!logs/keep.log\nlogs\n",
            isTruncated: false,
            files: [{ path: "logs/keep.log", kind: "file", bytes: 1, isIgnored: true }],
          },
        ],
      ],
    },
  );
});
