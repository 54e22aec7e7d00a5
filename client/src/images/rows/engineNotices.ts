import type { OciError } from "../../../../oci/core/error.ts";
import { furtherHost } from "../../sources/engineNames.ts";
import { adviceFor } from "../../ui/advice.ts";
import type { EngineState, FactNode, ImageTreeNode, NoticeNode, SourceNode } from "../node.ts";

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
  const isNamed = source.label !== "Container engine" && standing === "aside";
  const isLost = lostEndpoint !== undefined && error.kind === "engineUnreachable";
  const notice: NoticeNode = {
    kind: "notice",
    id: `${rowId}/${standing}`,
    severity: "warning",
    label: isNamed
      ? `${source.label}: ${isLost ? "Lost connection" : title}`
      : isLost
        ? `Lost connection to ${lostEndpoint}`
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
    return [{ ...common, id: `${rowId}/tried`, label: `Checked ${first}`, description: message, detail: message }];
  const children = tried.map((looked, index): NoticeNode => ({
    ...common,
    id: `${rowId}/tried-${index}`,
    label: looked,
    detail: `No engine is responding at ${looked}`,
  }));
  return [
    {
      ...common,
      id: `${rowId}/tried`,
      icon: "search",
      label: `Checked ${tried.length} sockets`,
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
      "Join the docker group",
      "sudo usermod -aG docker $USER",
      "Log out and in again afterwards. Members of this group can become root on this machine.",
    ),
    way(
      "rootless",
      "Run your own rootless engine",
      "dockerd-rootless-setuptool.sh install",
      "Runs an engine without root, on a socket that you own.",
    ),
  ];
  return {
    kind: "notice",
    id: `${rowId}/ways`,
    severity: "info",
    icon: "key",
    label: "How to get access",
    description: "copy a command",
    collapsibleState: "expanded",
    children,
  };
}

/** A way to remove an engine other than the one in use, even while it has no row of its own. */
function leaving(source: SourceNode): readonly NoticeNode[] {
  if (furtherHost(source.sourceId) === undefined) return [];
  const label = "Hide Engine";
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
  ["retry", "Try Again", "refresh", "imagewright.images.refresh"],
  ["archive", "Open an Image Archive…", "file-zip", "imagewright.archive.open"],
  ["choose", "Switch Engine…", "settings-gear", "imagewright.engine.choose"],
] as const;
