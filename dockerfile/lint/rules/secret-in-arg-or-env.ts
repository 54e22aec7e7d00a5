import type { Dockerfile, Instruction, KeyValue } from "../../syntax/syntax.ts";
import { withoutLines } from "../../edit/edits.ts";
import { defineRule, type RuleFix } from "../rule.ts";

export default defineRule({
  id: "secret-in-arg-or-env",
  group: "security",
  summary: "The name of an `ARG` or `ENV` suggests a secret",
  why: `The value of an \`ENV\` is in the image's configuration, that of an \`ARG\` in its history: anyone who can pull the image can read both. \`RUN --mount=type=secret\` passes a value to one command and leaves no trace.

Secrets are recognized by name, so some values are excluded: paths, addresses, booleans, small numbers and key fingerprints aren't secrets, and neither is the value of a name that contains \`FILE\`, \`PATH\`, \`PUBLIC\`, \`ALIAS\`, \`MANAGER\` or \`VERSION\`. An \`ENV\` without a value reveals nothing; an \`ARG\` without one gets its value at build time.`,
  severity: "warning",
  aliases: ["SecretsUsedInArgOrEnv", "DL3064"],
  sources: [
    "https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
    "https://docs.docker.com/build/building/secrets/",
  ],
  examples: [
    {
      bad: `FROM alpine:3.22
ARG NPM_TOKEN
    ^^^^^^^^^ NPM_TOKEN looks like a secret and stays readable in the image; use RUN --mount=type=secret
ENV DB_PASSWORD=hunter2 API_KEY_FILE=/run/secrets/key
    ^^^^^^^^^^^ DB_PASSWORD looks like a secret and stays readable in the image; use RUN --mount=type=secret
`,
      good: `FROM alpine:3.22
RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci
ENV DB_PASSWORD_FILE=/run/secrets/db_password API_KEY_FILE=/run/secrets/key
`,
    },
    {
      bad: `FROM node:22
ARG NPM_TOKEN
    ^^^^^^^^^ NPM_TOKEN looks like a secret and stays readable in the image; use RUN --mount=type=secret
RUN npm config set //npm.example.com/:_authToken=$NPM_TOKEN && npm ci && npm config delete //npm.example.com/:_authToken
`,
      good: `FROM node:22
RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm config set //npm.example.com/:_authToken=$NPM_TOKEN && npm ci && npm config delete //npm.example.com/:_authToken
`,
    },
  ],
  *check({ build: { file } }) {
    // An ARG before the first FROM isn't part of any image.
    const instructions = file.stages.length === 0 ? file.globals : file.stages.flatMap((stage) => stage.instructions);
    for (const instruction of instructions) {
      const { keyword, pairs } = instruction;
      if (keyword.value !== "ARG" && keyword.value !== "ENV") continue;
      for (const pair of pairs)
        if (isSecret(pair) && !(keyword.value === "ENV" && isEmpty(pair)))
          yield { span: pair.key.span, data: { name: pair.key.value, instruction } };
    }
  },
  message: ({ name }) => `${name} looks like a secret and stays readable in the image; use RUN --mount=type=secret`,
  fixSafety: "unsafe",
  fix: ({ data: { name, instruction } }, { build: { file } }) => mountInstead(file, instruction, name),
});

/** Replaces the ARG by a mount, if exactly one RUN names it and nothing else does: others would lose the value. */
function mountInstead(file: Dockerfile, arg: Instruction, name: string): RuleFix | undefined {
  if (
    arg.keyword.value !== "ARG" ||
    arg.pairs.length !== 1 ||
    arg.stageIndex < 0 ||
    !/^\w+$/.test(name) ||
    isTooOld(file)
  )
    return undefined;
  const word = new RegExp(`\\b${name}\\b`);
  const [run, ...more] = file.instructions.filter(
    ({ index, span }) => index !== arg.index && word.test(file.text.slice(span.start, span.end)),
  );
  const isItsRun = run?.keyword.value === "RUN" && run.stageIndex === arg.stageIndex && run.index > arg.index;
  if (!isItsRun || more.length > 0 || run.flags.some(({ value }) => value && /type=secret/.test(value.value)))
    return undefined;
  const { end } = run.keyword.span;
  const mount = `--mount=type=secret,id=${name.toLowerCase()},env=${name}`;
  return {
    title: "Mount the secret in the RUN that needs it",
    changes: [withoutLines(file, arg.span), { span: { start: end, end }, text: ` ${mount}` }],
  };
}

/** True for frontends before docker/dockerfile:1.10, where mounts got `env`. */
function isTooOld({ directives }: Dockerfile): boolean {
  return directives.some(({ name, value }) => name === "syntax" && /docker\/dockerfile:1\.\d(?!\d)/.test(value));
}

const secretWord = /(?:^|_)(?:api_?key|auth|credentials?|key|passphrase|password|passwd|pword|secret|token)(?:_|$)/i;
const harmlessWord =
  /(?:^|_)(?:public|files?|path|dir|version|sock|url|uri|arn|id|ids|name|names|alias|type|kind|mode|method|scheme|format|length|size|count|limit|ttl|expiry|expires|expiration|lifetime|timeout|algorithm|server|servers|service|provider|manager|helper|store|backend|driver|plugin|plugins|policy|rotation|prompt|fingerprint|endpoint|header|host|port|region|prefix|suffix|enabled|disabled|required|issuer|audience|realm|cache|primary|foreign|sort|partition)(?:_|$)/i;
/** `Filters__0__Key`: an entry of a list in .NET's configuration, whose key is only a name. */
const listEntry = /__\d+__key$/i;

function isSecret({ key, value }: KeyValue): boolean {
  if (!secretWord.test(key.value) || harmlessWord.test(key.value) || listEntry.test(key.value)) return false;
  return value === undefined || !isHarmless(key.value, value.value.replace(/^(["'])(.*)\1$/, "$2"));
}

function isEmpty({ value }: KeyValue): boolean {
  return value !== undefined && /^(?:""|'')?$/.test(value.value);
}

function isHarmless(name: string, value: string): boolean {
  if (/^(?:true|false|yes|no|on|off|none|null|\d{1,6}|)$/i.test(value) && value !== "") return true;
  if (/^(?:[/~.]|[a-z][a-z0-9+.-]*:\/\/[^:@\s]*$)/i.test(value)) return true;
  // `ENV GPG_KEY E3FF2839C048B25C084DEBE9B26995E310250568`: the fingerprint of a public key.
  return /gpg|pgp/i.test(name) && /^(?:0x)?(?:[0-9a-f]{4}\s*){4,10}$/i.test(value);
}
