import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { lint, only, type KnownFacts } from "../../support/dockerfile/check.ts";

interface Case {
  readonly text: string;
  readonly facts?: KnownFacts;
}

const image = (reference: string, user = "", env: readonly string[] = []): KnownFacts => [
  [
    { kind: "baseImage", reference },
    { bytes: 1, id: "sha256:00", user, env, workingDir: "" },
  ],
];
const context = (...files: readonly (readonly [string, number])[]): KnownFacts => [
  [
    { kind: "contextFiles" },
    {
      root: "/c",
      isTruncated: false,
      files: files.map(([path, bytes]) => ({ path, bytes, kind: "file", isIgnored: false })),
    },
  ],
];

/** What a rule is silent about, by the reason. */
const silent: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  "no-user": {
    "the base image has a user": { text: "FROM app:1\nCMD a", facts: image("app:1", "1000") },
    "nothing is set to run": { text: "FROM debian:12\nRUN true" },
    "the name depends on a build argument": { text: "ARG BASE\nFROM $BASE\nCMD a" },
    "scratch has no users": { text: 'FROM scratch\nCMD ["/a"]' },
    "the USER is in a variable": { text: "FROM debian:12\nARG WHO\nUSER $WHO\nCMD a" },
    "the USER is in the stage below": { text: "FROM debian:12 AS a\nUSER 1\nFROM a\nCMD a" },
    "gosu is installed": { text: 'FROM debian:12\nRUN apt-get install -y gosu\nENTRYPOINT ["/e"]' },
    "the entry point hands over": { text: 'FROM debian:12\nENTRYPOINT ["setpriv", "--reuid=1", "app"]' },
    "the database hands over, though it is known to start as root": {
      text: 'FROM postgres:17\nCMD ["postgres"]',
      facts: image("postgres:17"),
    },
    Windows: { text: "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCMD a" },
  },
  "arg-out-of-scope": {
    "the script sets the name": { text: "ARG V=1\nFROM a\nRUN V=2; echo $V" },
    "a loop sets the name": { text: 'ARG V=1\nFROM a\nRUN for V in a b; do echo "$V"; done' },
    "single quotes": { text: "ARG V=1\nFROM a\nRUN awk '{ print $V }' x" },
    "an escaped dollar": { text: 'ARG V=1\nFROM a\nRUN echo \\$V "\\$V"' },
    "a default": { text: "ARG V=1\nFROM a\nCOPY ${V:-x} /\nRUN echo ${V:-x}" },
    "the base image sets it": { text: "ARG V=1\nFROM a\nRUN echo $V", facts: image("a", "", ["V=2"]) },
    "a file that is read in may set it": { text: "ARG V=1\nFROM a\nRUN . /etc/os-release && echo $V" },
    "the stage below declares it": { text: "ARG V=1\nFROM a AS b\nARG V\nFROM b\nRUN echo $V" },
    "FROM sees it": { text: "ARG V=1\nFROM a:$V\nFROM --platform=$BUILDPLATFORM b" },
    PowerShell: { text: 'ARG V=1\nFROM mcr.microsoft.com/windows/servercore:1\nSHELL ["powershell"]\nRUN echo $V' },
  },
  "unused-arg": {
    "a RUN follows": { text: "FROM a\nARG CACHE_BUST\nRUN make" },
    "a RUN follows in a stage built on it": { text: "FROM a AS b\nARG X\nFROM b\nRUN make" },
    "a trigger follows": { text: "FROM a\nARG X\nONBUILD RUN make" },
    "another ARG uses it": { text: "ARG A=1\nARG B=$A\nFROM x:$B" },
    "a stage takes it over": { text: "ARG A=1\nFROM x\nARG A\nRUN make" },
    "a heredoc uses it": { text: "FROM x\nARG A=1\nCOPY <<E /a\n${A}\nE" },
    "a flag uses it": { text: "FROM x\nARG U=1\nCOPY --chown=$U a b" },
    "BuildKit uses it": { text: "ARG BUILDKIT_SBOM_SCAN_STAGE=true\nARG SOURCE_DATE_EPOCH\nFROM x" },
  },
  "unused-stage": {
    "a mount uses it": { text: "FROM a AS tools\nFROM b\nRUN --mount=from=tools,target=/t true" },
    "it is used by its number": { text: "FROM a\nFROM b\nCOPY --from=0 x y" },
    "a variable may name it": { text: "FROM a AS base-dev\nFROM a AS base-prod\nARG X\nFROM base-$KIND\nCMD a" },
    "it is a target": { text: "FROM a AS base\nFROM base AS test\nFROM base\n" },
    "all are targets": { text: "FROM a AS one\nFROM a AS two\nFROM a AS three\n" },
    "a trigger uses it": { text: "FROM a AS tools\nFROM b AS c\nONBUILD COPY --from=tools x y\nFROM c\n" },
  },
  "unverified-download": {
    "data is unpacked": { text: "FROM a\nRUN curl -L https://x.org/a.tgz | tar xz" },
    "data is piped into a program that has its own": {
      text: "FROM a\nRUN curl https://x.org/a.json | python3 -c 'import json'",
    },
    "data is piped into a script": { text: "FROM a\nRUN curl https://x.org/a.json | python3 read.py" },
    "a signature is checked": {
      text: "FROM a\nRUN curl -O https://x.org/a && curl -O https://x.org/a.asc && gpg --verify a.asc a && chmod +x a",
    },
    "a checksum is checked": {
      text: "FROM a\nRUN curl -o /a https://x.org/a; echo '00 /a' | sha256sum -c; chmod 755 /a",
    },
    "a file is only made readable": { text: "FROM a\nRUN curl -o /a https://x.org/a && chmod 644 /a" },
    "an answer is kept in a variable": { text: 'FROM a\nRUN v=$(curl https://x.org/v) && echo "$v"' },
    "an answer is an argument": { text: 'FROM a\nRUN sh ./build.sh "$(curl https://x.org/v)"' },
    "no address": { text: "FROM a\nRUN curl --version | sh" },
  },
  "add-without-checksum": {
    Git: { text: "FROM a\nADD https://github.com/a/b.git /b" },
    "a local file": { text: "FROM a\nADD a.tar /b" },
  },
  "deleted-later": {
    "the same RUN": { text: "FROM a\nRUN curl -o /a.zip https://x.org/a.zip && rm /a.zip" },
    "a builder stage": { text: "FROM a AS b\nCOPY big.bin /t/\nRUN rm /t/big.bin\nFROM a\nCOPY --from=b /x /y" },
    "a mount": { text: "FROM a\nCOPY big.bin /t/big.bin\nRUN --mount=type=tmpfs,target=/t rm /t/big.bin" },
    "another file": { text: "FROM a\nCOPY big.bin /t/\nRUN rm -rf /t/big.bin.old /tmp/*" },
    "a relative path behind cd": { text: "FROM scratch\nCOPY big.bin /big.bin\nRUN cd /x && rm big.bin" },
    "a small file by its name": { text: "FROM a\nCOPY requirements.txt /tmp/\nRUN rm /tmp/requirements.txt" },
    "a small file by its size": {
      text: "FROM a\nCOPY big.bin /t/\nRUN rm /t/big.bin",
      facts: context(["big.bin", 100]),
    },
  },
  "owner-set-later": {
    "another folder": { text: "FROM a\nCOPY data /srv/data\nRUN chown -R app /srv/other" },
    "a folder, not what is in it": { text: "FROM a\nCOPY data /srv/data/\nRUN chown app /srv/data" },
    "it has its owner": { text: "FROM a\nCOPY --chown=1 data /srv/data\nRUN chown -R 1 /srv/data" },
    "a script": { text: "FROM a\nCOPY entrypoint.sh /\nRUN chmod +x /entrypoint.sh" },
    "a builder stage": { text: "FROM a AS b\nCOPY data /d\nRUN chown -R 1 /d\nFROM a\n" },
    "a small folder": { text: "FROM a\nCOPY data /d\nRUN chown -R 1 /d", facts: context(["data", 12]) },
    "what comes later": { text: "FROM a\nRUN chown -R 1 /d\nCOPY data /d" },
  },
  "syntax-too-old": {
    "the newest of a major version": { text: "# syntax=docker/dockerfile:1\nFROM a\nCOPY --parents a b" },
    labs: { text: "# syntax=docker/dockerfile:1.7-labs\nFROM a\nCOPY --parents a b" },
    "another frontend": { text: "# syntax=acme/dockerfile:1.0\nFROM a\nCOPY --parents a b" },
    "no directive": { text: "FROM a\nCOPY --parents a b" },
    "new enough": { text: "# syntax=docker/dockerfile:1.20.0\nFROM a\nCOPY --parents a b" },
  },
  "base-platform-mismatch": {
    "an index may have it": {
      text: "FROM --platform=linux/arm64 a",
      facts: [
        [
          { kind: "baseImage", reference: "a" },
          { bytes: 1, id: "x", user: "", env: [], workingDir: "", platform: "linux/amd64" },
        ],
      ],
    },
    "the builder decides": {
      text: "FROM --platform=$BUILDPLATFORM a",
      facts: [
        [
          { kind: "baseImage", reference: "a" },
          { bytes: 1, id: "x", user: "", env: [], workingDir: "", platform: "linux/amd64", isOnlyPlatform: true },
        ],
      ],
    },
    "an older variant runs too": {
      text: "FROM --platform=linux/arm/v7 a",
      facts: [
        [
          { kind: "baseImage", reference: "a" },
          { bytes: 1, id: "x", user: "", env: [], workingDir: "", platform: "linux/arm/v6", isOnlyPlatform: true },
        ],
      ],
    },
  },
  "label-url": { "another scheme": { text: "FROM a\nLABEL org.opencontainers.image.source=git+ssh://git@x.org/a" } },
  "label-key": {
    "what others set": { text: "FROM a\nLABEL io.k8s.display-name=a org.label-schema.vcs-ref=b io.openshift.tags=c" },
  },
  "undefined-variable": {
    "the base image sets it": { text: "FROM a\nWORKDIR $HOME_DIR", facts: image("a", "", ["HOME_DIR=/x"]) },
  },
  "relative-workdir": {
    "the base image works in a folder of its own": {
      text: "FROM a\nWORKDIR b",
      facts: [
        [
          { kind: "baseImage", reference: "a" },
          { bytes: 1, id: "x", user: "", env: [], workingDir: "/srv" },
        ],
      ],
    },
  },
};

for (const [id, cases] of Object.entries(silent)) {
  describe(`${id} is silent`, () => {
    for (const [reason, { text, facts }] of Object.entries(cases))
      test(reason, () => assert.deepEqual(messages(id, text, facts), []));
  });
}

/** What a rule must not miss. */
const found: readonly (readonly [string, string, KnownFacts?])[] = [
  ["no-user", "ARG V=22\nFROM node:$V\nCMD a"],
  ["no-user", 'FROM postgres:17\nENTRYPOINT ["/mine"]'],
  ["no-user", "FROM acme/nonroot:1\nCMD a", image("acme/nonroot:1", "root")],
  ["arg-out-of-scope", "FROM a\nENV A=$TARGETARCH"],
  ["arg-out-of-scope", 'ARG V=1\nFROM a\nRUN <<E\necho "v$V"\nE'],
  ["unused-arg", "ARG A=1\nFROM x\nRUN make"],
  ["unused-stage", "FROM a AS builder\nFROM b\nCOPY --from=bulider x y"],
  ["unverified-download", "FROM a\nRUN curl https://x.org/i | sudo -E bash -"],
  ["unverified-download", "FROM a\nRUN wget -qO- https://x.org/i | sed s/a/b/ | sh"],
  ["unverified-download", "FROM a\nRUN wget https://x.org/a.deb && dpkg -i a.deb"],
  ["unverified-download", "FROM a\nRUN curl -fsSL https://x.org/i.py | python3 - --yes"],
  ["unverified-download", "FROM a\nRUN bash <(curl -s https://x.org/i)"],
  ["deleted-later", "FROM a\nADD https://x.org/a.zip /t/a.zip\nRUN unzip /t/a.zip && rm -rf /t"],
  ["deleted-later", "FROM a\nCOPY *.deb /t/\nRUN dpkg -i /t/*.deb && rm /t/*.deb"],
  ["deleted-later", "FROM a\nRUN git clone https://x.org/a.git /src\nRUN make -C /src\nRUN rm -rf /src"],
  ["deleted-later", "FROM a AS b\nCOPY big.bin /t/\nFROM b\nRUN rm /t/big.bin"],
  ["owner-set-later", "FROM a\nCOPY --from=x /data /srv/data\nRUN chown -R app:app /srv"],
  ["owner-set-later", "FROM a\nCOPY data /d\nRUN chmod -R go-w /d", context(["data", 1_000_000])],
  [
    "syntax-too-old",
    "# syntax=docker/dockerfile:1.5\nFROM a\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://x.org/a /",
  ],
  ["add-without-checksum", "FROM a\nADD $URL/a https://x.org/b /c/"],
];

for (const [id, text, facts] of found)
  test(`${id} finds ${JSON.stringify(text)}`, () => assert.equal(messages(id, text, facts).length, 1));

function messages(id: string, text: string, facts: KnownFacts = []): readonly string[] {
  const rule = rules.find(({ meta }) => meta.id === id);
  assert.ok(rule, id);
  return lint(`${text}\n`, { ...only(rule), facts }).map(({ message }) => message);
}
