import type { OciError } from "../../../../oci/core/error.ts";
import { furtherHost, unnamedEngine } from "../../sources/engineNames.ts";
import { adviceFor } from "../../ui/advice.ts";
import type { EngineState, FactNode, ImageTreeNode, NoticeNode, SourceNode } from "../node.ts";
import { l10n } from "../../ui/l10n.ts";

type AbsentEngine = Extract<EngineState, { readonly kind: "absent" }>;

/**
 * Reports that no engine is available, offers actions and lists what was tried; collapsed into one row if other sources
 * are shown.
 */
export function engineNotices(
  { source, error, lostEndpoint }: AbsentEngine,
  standing: "alone" | "aside",
): readonly NoticeNode[] {
  const { title, detail } = adviceFor(error);
  const rowId = `${source.sourceId}-absent`;
  const more = moreAbout(rowId, error);
  const isNamed = source.label !== unnamedEngine && standing === "aside";
  const isLost = lostEndpoint !== undefined && error.kind === "engineUnreachable";
  const notice: NoticeNode = {
    kind: "notice",
    id: `${rowId}/${standing}`,
    severity: "warning",
    label: isNamed
      ? `${source.label}: ${isLost ? l10n.t("Lost connection") : title}`
      : isLost
        ? l10n.t("Lost connection to {0}", lostEndpoint)
        : title,
    detail,
    ...(error.kind === "engineUnreachable" ? {} : { description: detail }),
  };
  return standing === "alone"
    ? [notice, ...engineActions(rowId), ...more]
    : [{ ...notice, collapsibleState: "collapsed", children: [...engineActions(rowId), ...leaving(source), ...more] }];
}

function moreAbout(rowId: string, error: OciError): readonly NoticeNode[] {
  if (error.kind === "engineUnreachable") return triedNotices(rowId, error);
  return error.kind === "engineRefused" && !/^(?:ssh|tcp):/.test(error.endpoint) ? [waysIn(rowId)] : [];
}

function triedNotices(
  rowId: string,
  { tried, message }: Extract<OciError, { readonly kind: "engineUnreachable" }>,
): readonly NoticeNode[] {
  const [first] = tried;
  if (first === undefined) return [];
  const common = { kind: "notice", severity: "info", icon: "debug-disconnect" } as const;
  if (tried.length === 1)
    return [
      { ...common, id: `${rowId}/tried`, label: l10n.t("Checked {0}", first), description: message, detail: message },
    ];
  const children = tried.map((looked, index): NoticeNode => ({
    ...common,
    id: `${rowId}/tried-${index}`,
    label: looked,
    detail: l10n.t("No engine is responding at {0}", looked),
  }));
  return [
    {
      ...common,
      id: `${rowId}/tried`,
      icon: "search",
      label: l10n.t("Checked {0} sockets", tried.length),
      description: tried.join(", "),
      collapsibleState: "collapsed",
      children,
    },
  ];
}

/**
 * Ways to get access to the socket.
 * @see https://docs.docker.com/engine/install/linux-postinstall/ and https://docs.docker.com/engine/security/rootless/
 */
function waysIn(rowId: string): NoticeNode {
  const way = (id: string, name: string, value: string, explanation: string): FactNode => ({
    kind: "fact",
    id: `${rowId}/${id}`,
    name,
    value,
    isLiteral: true,
    icon: "terminal",
    explanation,
  });
  const children: readonly ImageTreeNode[] = [
    way(
      "group",
      l10n.t("Join the docker group"),
      "sudo usermod -aG docker $USER",
      l10n.t("Log out and in again afterwards. Members of this group can become root on this machine."),
    ),
    way(
      "rootless",
      l10n.t("Run your own rootless engine"),
      "dockerd-rootless-setuptool.sh install",
      l10n.t("Runs an engine without root, on a socket that you own."),
    ),
  ];
  return {
    kind: "notice",
    id: `${rowId}/ways`,
    severity: "info",
    icon: "key",
    label: l10n.t("How to get access"),
    description: l10n.t("copy a command"),
    collapsibleState: "expanded",
    children,
  };
}

/** A way to remove an engine other than the one in use, even while it has no row of its own. */
function leaving(source: SourceNode): readonly NoticeNode[] {
  if (furtherHost(source.sourceId) === undefined) return [];
  const label = l10n.t("Hide Engine");
  return [
    {
      kind: "notice",
      id: `${source.sourceId}-absent/leave`,
      severity: "action",
      label,
      icon: "close",
      command: { id: "imagewright.engine.remove", title: label, arguments: [source] },
    },
  ];
}

function engineActions(rowId: string): readonly NoticeNode[] {
  return actionRows.map(([id, label, icon, command]) => ({
    kind: "notice",
    id: `${rowId}/${id}`,
    severity: "action",
    label,
    icon,
    command: { id: command, title: label },
  }));
}

const actionRows = [
  ["retry", l10n.t("Try Again"), "refresh", "imagewright.images.refresh"],
  ["archive", l10n.t("Open an Image Archive…"), "file-zip", "imagewright.archive.open"],
  ["choose", l10n.t("Switch Engine…"), "settings-gear", "imagewright.engine.choose"],
] as const;
