import type { ShellWord } from "../../shell/shell.ts";
import type { Instruction, Stage } from "../../syntax/syntax.ts";
import { addUser } from "../fixes/addUser.ts";
import { isRoot } from "../../semantics/runtimeUser.ts";
import { defineRule, type LintInput } from "../rule.ts";

export default defineRule({
  id: "no-user",
  group: "security",
  summary: "No `USER` is set, and the base image may run as root",
  why: `Without a \`USER\`, an image runs as the user of its base image, which is almost always root. A process that breaks out of its container, or writes to a mounted folder, then does so as root.

If the local engine has the base image, its configuration decides. Otherwise its name may: images for users other than root (\`nonroot\`, \`unprivileged\`, \`rootless\`, .NET's \`chiseled\` and \`distroless\`), for Windows, development containers and AWS Lambda, and images that switch to their own user at start, such as databases, are not reported. Neither is a file that sets nothing to run (a base for others), one that installs \`gosu\` or \`su-exec\`, or one that runs \`sshd\`, \`cron\`, \`systemd\` or Docker in Docker, which need root.`,
  severity: "info",
  aliases: ["DL3002"],
  sources: ["https://docs.docker.com/build/building/best-practices/#user"],
  examples: [
    {
      bad: `FROM debian:12
     ^^^^^^^^^ The image runs as root: debian:12 does and no USER is set
CMD ["app"]
`,
      good: `FROM debian:12
RUN useradd --create-home --shell /usr/sbin/nologin app
USER app
CMD ["app"]
`,
      facts: [
        [
          { kind: "baseImage", reference: "debian:12" },
          { bytes: 117_000_000, id: "sha256:00", user: "", env: [], workingDir: "" },
        ],
      ],
    },
    {
      bad: `FROM node:22-alpine
     ^^^^^^^^^^^^^^ The image runs as root unless node:22-alpine sets another user; add a USER
COPY . /app
CMD ["node", "/app"]
`,
      good: `FROM node:22-alpine
COPY . /app
RUN adduser -D app
USER app
CMD ["node", "/app"]
`,
    },
    {
      bad: `FROM acme/app:1
     ^^^^^^^^^^ The image runs as root unless acme/app:1 sets another user; add a USER
ENTRYPOINT ["app"]
`,
      good: `FROM postgres:17
COPY --chmod=755 seed.sql /docker-entrypoint-initdb.d/
CMD ["postgres", "-c", "fsync=off"]
`,
    },
  ],
  *check(input) {
    const { file } = input.build;
    const stage = file.stages.at(-1);
    const chain = input.build.stageChain(stage);
    const image = input.build.baseImage(chain.at(-1))?.text;
    // A name with an argument that has no default is inconclusive.
    if (!stage?.base || image === undefined || !runsSomething(chain) || handsOver(input, chain, image)) return;
    const user = input.build.user(stage);
    const isRootUser =
      user.by === "baseImage" ? isRoot(user.user) : user.by === "unknown" && !hasUser(chain) && !isForOthers(image);
    if (isRootUser)
      yield { span: stage.base.span, data: { isKnown: user.by === "baseImage", image: image.replace(/@.*/, "") } };
  },
  message: ({ isKnown, image }) =>
    isKnown
      ? `The image runs as root: ${image} does and no USER is set`
      : `The image runs as root unless ${image} sets another user; add a USER`,
  fixSafety: "unsafe",
  fix: (_, { build }) => addUser(build),
});

/** True if something is set to run. Other images are there to be built on or copied from. */
function runsSomething(chain: readonly Stage[]): boolean {
  return starts(chain).length > 0;
}

/** True if a USER is set, even one whose variable is unknown. */
function hasUser(chain: readonly Stage[]): boolean {
  return chain.some(({ instructions }) => instructions.some(({ keyword }) => keyword.value === "USER"));
}

function starts(chain: readonly Stage[]): readonly Instruction[] {
  return chain.flatMap(({ instructions }) =>
    instructions.filter(({ keyword }) => keyword.value === "CMD" || keyword.value === "ENTRYPOINT"),
  );
}

/** True for names which say that they don't run as root, or that the user is decided elsewhere. */
function isForOthers(image: string): boolean {
  return forOthers.test(image);
}

/**
 * True if the started program continues as another user: by the base image's own entry point, or by a program for that
 * purpose.
 */
function handsOver(input: LintInput, chain: readonly Stage[], image: string): boolean {
  const set = starts(chain);
  if (handingOver.test(image) && !set.some(({ keyword }) => keyword.value === "ENTRYPOINT")) return true;
  if (set.some(({ rest }) => droppingProgram.test(rest.text))) return true;
  const shipped = new Set(chain.map(({ index }) => index));
  const isDropper = ({ value }: ShellWord): boolean => droppers.has(value.split(/[=@]/, 1)[0] ?? "");
  return input.build
    .scripts()
    .some(
      ({ instruction, script }) =>
        shipped.has(instruction.stageIndex) && script.commands.some((command) => command.arguments.some(isDropper)),
    );
}

/** Programs that continue as another user. */
const droppers: ReadonlySet<string> = new Set([
  "gosu",
  "su-exec",
  "s6-overlay",
  "supervisor",
  "runit",
  "/usr/local/bin/gosu",
  "/usr/local/bin/su-exec",
]);
/**
 * The same within the command that is set to run, and servers that only root can run because they log users in or start
 * their jobs.
 */
const droppingProgram =
  /\b(?:gosu|su-exec|setpriv|s6-setuidgid|chpst|runuser|supervisord|sshd|crond?|systemd|\/init)\b|\bsu\s+-/;

/**
 * Images whose own entry point or server continues as a non-root user, and Docker in Docker, which can't.
 * @see https://github.com/docker-library/official-images the images' docker-entrypoint.sh
 */
const handingOver =
  /^(?:docker\.io\/)?(?:library\/)?(?:postgres|mysql|mariadb|mongo|redis|valkey|rabbitmq|nginx|httpd|haproxy|memcached|influxdb|cassandra|couchdb|elasticsearch|kibana|logstash|zookeeper|wordpress|drupal|joomla|nextcloud|neo4j|ghost|sonarqube|solr|varnish|vault|consul)(?::[^@]*)?(?:@.*)?$|^php:[^@]*-(?:fpm|apache)|^docker:[^@]*dind|(?:^|\/)(?:postgis\/postgis|pgvector\/pgvector|timescale\/timescaledb|grafana\/|prom\/|bitnami\/)/;

/**
 * Recognized by words in the name: Microsoft's chiseled and distroless images, Red Hat's language images (user 1001),
 * Docker's hardened images except those for development, and images with their own user.
 */
const forOthers =
  /non-?root|unprivileged|rootless|^cgr\.dev\/|(?:^|\/)windows\/|nanoserver|servercore|devcontainers?\/|(?:^|\/)lambda\/|:[^@]*-chiseled|^mcr\.microsoft\.com\/[^@]*distroless|(?:^|\/)ubi\d+\/(?:nodejs|python|ruby|php|perl|nginx|httpd|openjdk|dotnet|go-toolset)-?\d|^dhi\.io\/(?![^@]*-dev(?:@|$))|^(?:docker\.io\/)?(?:jenkins\/jenkins|cimg\/|selenium\/|apache\/airflow|gitpod\/workspace)|^(?:quay\.io\/|docker\.io\/)?jupyter\//i;
