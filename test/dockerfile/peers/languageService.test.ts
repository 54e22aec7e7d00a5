// dockerfile-language-service is the floor: what it answers in files of practice, we answer, or a reason is known.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DockerfileLanguageServiceFactory } from "dockerfile-language-service";
import { TextDocument } from "vscode-languageserver-textdocument";
import { complete } from "../../../dockerfile/assist/completion/complete.ts";
import { hoverAt } from "../../../dockerfile/assist/hover/hover.ts";
import { signatureAt } from "../../../dockerfile/assist/signature.ts";
import { foldsOf } from "../../../dockerfile/navigation/folding.ts";
import { linksOf } from "../../../dockerfile/navigation/links.ts";
import { definitionAt, placesAt } from "../../../dockerfile/navigation/navigate.ts";
import { outlineOf } from "../../../dockerfile/navigation/outline.ts";
import { renamableAt } from "../../../dockerfile/navigation/rename.ts";
import type { Build } from "../../../dockerfile/semantics/build.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import { buildOf } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";
import { differences, type Difference } from "./languageDifferences.ts";

/** Of all kinds; a fixed list, so that the figures in the docs stay true. */
const compared = new Set(
  [
    "add-archives ansible-controller arch-builder bitnami-style busybox-init chown-after-copy conda-notebook crlf",
    "comments-everywhere crystal-static cuda-training deno-api devcontainer-features docs-mkdocs dotnet-linux",
    "dotnet-windows elixir-phoenix-generated entrypoint-shell-form fedora-rpm gitlab-runner-image go-distroless",
    "haproxy-cfg heredoc-scripts heredocs java-layers java-spring-layertools k8s-debug-shell k8s-operator",
    "labels-schema linuxserver-s6 lua-openresty many-stages ml-serving monorepo-lerna-yarn mounts-csv",
    "multiplatform-per-arch-stages nginx-config nix-flake-docker node-legacy-express node-vite-caddy",
    "official-arch-case official-java-jre official-windows-core onbuild-base opensuse-bci php-fpm pipefail-set",
    "proxy-args python-airflow python-jupyter-stacks python-streamlit quoting redis-sentinel ruby-rails-generated",
    "rust-musl scala-sbt secrets-ssh ssh-server-root swift-vapor test-containers-dind ubi-s2i-openshift",
    "windows-nano-node wolfi-apk zig-static",
  ].flatMap((line) => line.split(" ")),
);

const theirs = DockerfileLanguageServiceFactory.createLanguageService();
theirs.setCapabilities({ completion: { completionItem: { snippetSupport: true } } });
const uri = "file:///Dockerfile";

interface Asked {
  readonly build: Build;
  readonly text: string;
  readonly document: TextDocument;
}

type Answers = readonly [ours: unknown, theirs: unknown];

/** The answers of both at an offset, by feature. */
const atOffset: Readonly<Record<string, (asked: Asked, offset: number) => Answers>> = {
  completion: ({ build, text, document }, offset) => [
    complete({ build, facts: build.facts }, offset).items,
    theirs.computeCompletionItems(text, document.positionAt(offset)),
  ],
  hover: ({ build, text, document }, offset) => [
    hoverAt({ build, facts: build.facts }, offset),
    theirs.computeHover(text, document.positionAt(offset)),
  ],
  "signature help": ({ build, text, document }, offset) => [
    signatureAt(build.file, offset),
    theirs.computeSignatureHelp(text, document.positionAt(offset)).signatures,
  ],
  definition: ({ build, text, document }, offset) => [
    definitionAt(build, offset),
    theirs.computeDefinition({ uri }, text, document.positionAt(offset)),
  ],
  highlight: ({ build, text, document }, offset) => [
    placesAt(build, offset),
    theirs.computeHighlightRanges(text, document.positionAt(offset)),
  ],
  rename: ({ build, text, document }, offset) => [
    renamableAt(build, offset),
    theirs.prepareRename(text, document.positionAt(offset)),
  ],
};

/** The lines where both answer, by feature. */
const inLines: Readonly<
  Record<string, (asked: Asked) => readonly [ours: readonly number[], theirs: readonly number[]]>
> = {
  links: ({ build, text, document }) => [
    linesOf(document, linksOf(build)),
    theirs.computeLinks(text).map(({ range }) => range.start.line),
  ],
  folding: ({ build, text, document }) => [
    linesOf(document, foldsOf(build.file)),
    theirs.computeFoldingRanges(text).map(({ startLine }) => startLine),
  ],
  outline: ({ build, text, document }) => [
    linesOf(
      document,
      outlineOf(build.file).flatMap((item) => [item, ...item.children]),
    ),
    theirs
      .computeSymbols({ uri }, text)
      // Directives have no line in our outline: they are comments.
      .flatMap(({ location, kind }) => (kind === 7 ? [] : [location.range.start.line])),
  ],
};

function linesOf(document: TextDocument, spans: readonly { readonly span: Span }[]): readonly number[] {
  return spans.map(({ span }) => document.positionAt(span.start).line);
}

function isAnswer(answer: unknown): boolean {
  return answer !== undefined && answer !== null && !(Array.isArray(answer) && answer.length === 0);
}

class Tally {
  both = 0;
  ours = 0;
  theirs = 0;
  readonly reasons = new Set<Difference>();
  readonly unexplained: string[] = [];

  add(
    feature: string,
    [ours, other]: Answers,
    place: { readonly name: string; readonly text: string; readonly at: number },
  ) {
    const [isOurs, isTheirs] = [isAnswer(ours), isAnswer(other)];
    if (isOurs && isTheirs) this.both++;
    else if (isOurs) this.ours++;
    else if (isTheirs) this.#addTheirs(feature, place);
  }

  #addTheirs(
    feature: string,
    { name, text, at }: { readonly name: string; readonly text: string; readonly at: number },
  ) {
    this.theirs++;
    const answer = { feature, before: text.slice(0, at), after: text.slice(at) };
    const reason = differences.find(({ features, explains }) => features.includes(feature) && explains(answer));
    if (reason) this.reasons.add(reason);
    else this.unexplained.push(`${feature}: ${name}: ${answer.before.slice(-40)}|${answer.after.slice(0, 20)}`);
  }
}

function compareAll(): Tallies {
  const tallies = new Map([...Object.keys(atOffset), ...Object.keys(inLines)].map((name) => [name, new Tally()]));
  for (const { name, text } of dockerfileFixtures) {
    if (!compared.has(name.replace(".Dockerfile", ""))) continue;
    const asked: Asked = { build: buildOf(text), text, document: TextDocument.create(uri, "dockerfile", 1, text) };
    compareWords(tallies, name, asked);
    compareLines(tallies, name, asked);
  }
  return tallies;
}

type Tallies = ReadonlyMap<string, Tally>;

function compareWords(tallies: Tallies, name: string, asked: Asked): void {
  const words = [...asked.text.matchAll(/[\w.$:/@-]+/g)].filter((_word, index) => index % 5 === 0);
  for (const { index } of words)
    for (const [feature, answers] of Object.entries(atOffset))
      tallies.get(feature)?.add(feature, answers(asked, index + 1), { name, text: asked.text, at: index + 1 });
}

function compareLines(tallies: Tallies, name: string, asked: Asked): void {
  for (const [feature, answers] of Object.entries(inLines)) {
    const [ours, other] = answers(asked);
    for (const line of new Set([...ours, ...other])) {
      const at = asked.document.offsetAt({ line, character: 0 });
      const answer = (lines: readonly number[]) => (lines.includes(line) ? line : undefined);
      tallies.get(feature)?.add(feature, [answer(ours), answer(other)], { name, text: asked.text, at });
    }
  }
}

/** The table of docs/comparison.md. */
function table(tallies: Tallies): string {
  const rows = [...tallies].map(([feature, { both, ours, theirs: other, reasons }]) => {
    const why = differences.filter((difference) => reasons.has(difference)).map(({ reason }) => reason);
    return `| ${feature} | ${both} | ${ours} | ${other} | ${why.join(" ")} |`;
  });
  return [
    "| feature | both | only Imagewright | only the other | why not here |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

test("every file of the list is there", () => {
  const names = new Set(dockerfileFixtures.map(({ name }) => name.replace(".Dockerfile", "")));
  assert.deepEqual(
    [...compared].filter((name) => !names.has(name)),
    [],
  );
});

test("each answer that only dockerfile-language-service has is explained, and the docs have the figures", () => {
  const tallies = compareAll();
  assert.deepEqual(
    [...tallies.values()].flatMap(({ unexplained }) => unexplained),
    [],
  );
  const docs = readFileSync(join(import.meta.dirname, "../../../docs/comparison.md"), "utf8");
  assert.ok(docs.includes(table(tallies)), `docs/comparison.md needs this table:\n${table(tallies)}`);
});
