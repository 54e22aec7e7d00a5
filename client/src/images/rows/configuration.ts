import { healthcheckTexts, type ImageConfig } from "../../../../oci/core/config.ts";
import type { Image } from "../../../../oci/core/image.ts";
import { isConfigKnown } from "../../../../oci/source/missingBlobs.ts";
import { formatPlatform } from "../../../../oci/core/platform.ts";
import { clockTime } from "../labels/age.ts";
import type { FactNode, GroupNode, ImageTreeNode } from "../node.ts";
import { infoNotice } from "./notices.ts";
import { factRow, type Section } from "./context.ts";
import { l10n } from "../../ui/l10n.ts";

export const configurationSection: Section = {
  kind: "configuration",
  label: l10n.t("Configuration"),
  icon: "gear",
  note: l10n.t("How a container of this image runs"),
  scope: "platforms",
  summary: ({ image }) => (isConfigKnown(image) ? commandSummary(image.config) : l10n.t("unknown")),
  rows: (rowId, { image }) =>
    isConfigKnown(image)
      ? configurationRows(rowId, image)
      : [
          infoNotice(`${rowId}/unknown`, l10n.t("Unknown"), {
            description: l10n.t("the engine doesn't have the layers' blobs"),
          }),
        ],
};

/** The settings of the image's containers, from the config. An unset value is shown with the default that applies. */
function configurationRows(rowId: string, image: Image): readonly ImageTreeNode[] {
  const { config, annotations = {} } = image;
  return [
    ...processFacts(rowId, config),
    ...valueGroup(
      `${rowId}/env`,
      { label: l10n.t("Environment"), icon: "symbol-variable" },
      config.env.map(splitVariable),
    ),
    ...listGroup(rowId, { label: l10n.t("Exposed ports"), icon: "plug" }, config.exposedPorts),
    ...listGroup(rowId, { label: l10n.t("Volumes"), icon: "database" }, config.volumes),
    ...shellFacts(rowId, config),
    ...listGroup(rowId, { label: l10n.t("On build"), icon: "tools" }, config.onBuild),
    ...valueGroup(`${rowId}/labels`, { label: l10n.t("Labels"), icon: "note" }, Object.entries(config.labels)),
    ...valueGroup(
      `${rowId}/annotations`,
      { label: l10n.t("Annotations"), icon: "note", detail: l10n.t("From the manifest, not from the configuration") },
      Object.entries(annotations),
    ),
    ...originFacts(rowId, config),
  ];
}

/** The command, its user and its working directory. */
function processFacts(rowId: string, config: ImageConfig): readonly FactNode[] {
  const fact = factRow(rowId);
  return [
    fact(l10n.t("User"), config.user === "" ? l10n.t("root (default)") : config.user, {
      icon: "account",
      ...(isRoot(config.user) ? { explanation: l10n.t("Containers run as root unless started with --user") } : {}),
    }),
    fact(l10n.t("Entrypoint"), execText(config.entrypoint) ?? l10n.t("none"), {
      icon: "play",
      isLiteral: true,
      explanation: l10n.t("The program that a container runs; Cmd holds its arguments"),
    }),
    fact(l10n.t("Cmd"), execText(config.cmd) ?? l10n.t("none"), {
      icon: "terminal",
      isLiteral: true,
      explanation: l10n.t("The default command, or the default arguments of the entrypoint"),
    }),
    fact(l10n.t("Working directory"), config.workingDir === "" ? l10n.t("/ (default)") : config.workingDir, {
      icon: "folder",
      isLiteral: true,
    }),
  ];
}

/** The settings for monitoring and stopping a container, and the shell of shell-form commands. */
function shellFacts(rowId: string, config: ImageConfig): readonly FactNode[] {
  const fact = factRow(rowId);
  return [
    ...(config.healthcheck === undefined || config.healthcheck.length === 0
      ? []
      : [fact(l10n.t("Health check"), healthText(config.healthcheck), { icon: "pulse", isLiteral: true })]),
    ...healthcheckTexts(config.healthcheckOptions).map(([name, text]) =>
      fact(l10n.t("Health check {0}", name), text, { icon: "pulse" }),
    ),
    fact(l10n.t("Stop signal"), config.stopSignal ?? l10n.t("SIGTERM (default)"), { icon: "stop-circle" }),
    ...(config.shell === undefined
      ? []
      : [
          fact(l10n.t("Shell"), JSON.stringify(config.shell), {
            icon: "terminal",
            isLiteral: true,
            explanation: l10n.t("The shell that runs the shell form of RUN, CMD and ENTRYPOINT"),
          }),
        ]),
  ];
}

/** The image's platform, build time and author. */
function originFacts(rowId: string, config: ImageConfig): readonly FactNode[] {
  const fact = factRow(rowId);
  return [
    fact(l10n.t("Platform"), formatPlatform(config.platform), { icon: "circuit-board" }),
    ...(config.created === undefined
      ? []
      : [
          fact(l10n.t("Created"), createdText(config.created), {
            icon: "calendar",
            explanation: l10n.t("As recorded by the builder; reproducible builds use a fixed time"),
          }),
        ]),
    ...(config.author === undefined ? [] : [fact(l10n.t("Author"), config.author, { icon: "person" })]),
  ];
}

/** The command of the image's containers, in short: `node dist/server.js as app`. */
function commandSummary({ entrypoint = [], cmd = [], user }: ImageConfig): string {
  const words = [...entrypoint, ...cmd];
  const command = words.length === 0 ? l10n.t("no default command") : words.map(shellWord).join(" ");
  return l10n.t("{0} as {1}", command, isRoot(user) ? "root" : user);
}

/** Names of variables whose values are usually private. GPG keys of base images are public. */
const secretName =
  /(?:^|_)(?:PASSWORD|PASSWD|PASSPHRASE|SECRETS?|TOKEN|APIKEY|API_KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|CREDENTIALS?)(?:_|$)/i;

/** True if a variable's name suggests a secret and its value isn't empty or a file's path. */
function looksSecret(name: string, value: string): boolean {
  return value !== "" && secretName.test(name) && !/_(?:FILE|PATH)$/i.test(name);
}

function isRoot(user: string): boolean {
  return /^(?:root|0)?(?::|$)/.test(user);
}

/** One row for each name and value, in a group; empty without values. */
function valueGroup(
  rowId: string,
  look: Pick<GroupNode, "label" | "icon" | "detail">,
  values: readonly (readonly [string, string])[],
): readonly GroupNode[] {
  if (values.length === 0) return [];
  const children = values.map(([name, value], index): FactNode => ({
    kind: "fact",
    id: `${rowId}/${index}`,
    name,
    value,
    icon: "dash",
    isLiteral: true,
    ...(looksSecret(name, value)
      ? {
          icon: "warning",
          severity: "warning",
          explanation: l10n.t(
            "Looks like a secret, and anyone who can pull the image can read it. Remove it and rotate it",
          ),
        }
      : {}),
  }));
  const secrets = children.filter(({ severity }) => severity === "warning").length;
  return [
    {
      kind: "group",
      id: rowId,
      ...look,
      collapsibleState: "collapsed",
      children,
      description: [String(values.length), ...secretsText(secrets)].join(" · "),
    },
  ];
}

function secretsText(count: number): readonly string[] {
  if (count === 0) return [];
  return [count === 1 ? l10n.t("one looks like a secret") : l10n.t("{0} look like a secret", count)];
}

/** The same for values without names. */
function listGroup(
  rowId: string,
  look: Pick<GroupNode, "label" | "icon">,
  values: readonly string[],
): readonly GroupNode[] {
  return valueGroup(
    `${rowId}/${look.label}`,
    look,
    values.map((value) => ["", value]),
  );
}

function splitVariable(variable: string): readonly [string, string] {
  const equals = variable.indexOf("=");
  return equals < 0 ? [variable, ""] : [variable.slice(0, equals), variable.slice(equals + 1)];
}

function execText(words: readonly string[] | undefined): string | undefined {
  return words === undefined || words.length === 0 ? undefined : JSON.stringify(words);
}

/**
 * The health check in words: its first word defines the meaning of the others.
 * @see https://docs.docker.com/reference/dockerfile/#healthcheck and moby's image spec
 */
function healthText([kind, ...words]: readonly string[]): string {
  if (kind === "NONE") return l10n.t("disabled");
  return kind === "CMD-SHELL" ? words.join(" ") : JSON.stringify(words);
}

function createdText(created: string): string {
  const timeMs = Date.parse(created);
  return Number.isNaN(timeMs) ? created : clockTime(timeMs);
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word);
}
