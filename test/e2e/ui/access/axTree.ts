// The accessibility tree that Chromium gives to screen readers.
import type { CDPSession, Frame, Page } from "playwright-core";

/** A part of a page as a screen reader gets it. */
export interface Spoken {
  readonly role: string;
  readonly name: string;
}

interface AxNode {
  readonly ignored: boolean;
  readonly role?: { readonly value?: string };
  readonly name?: { readonly value?: string };
}

interface FrameTree {
  readonly frame: { readonly id: string };
  readonly childFrames?: readonly FrameTree[];
}

/** The parts of a webview, whose innermost frame is given. The window around it, the outermost frame, is left out. */
export async function spokenIn(frame: Frame): Promise<readonly Spoken[]> {
  const session = await sessionOf(frame);
  try {
    const { frameTree } = (await session.send("Page.getFrameTree")) as { frameTree: FrameTree };
    const trees = await Promise.all(
      (frameTree.childFrames ?? [])
        .flatMap(idsIn)
        .map((frameId) => session.send("Accessibility.getFullAXTree", { frameId })),
    );
    return (trees as readonly { readonly nodes: readonly AxNode[] }[]).flatMap(({ nodes }) => spoken(nodes));
  } finally {
    await session.detach();
  }
}

/** The parts of the window under the first element that a selector finds, in the order of the document. */
export async function spokenUnder(page: Page, selector: string): Promise<readonly Spoken[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const { root } = await session.send("DOM.getDocument");
    const { nodeId } = await session.send("DOM.querySelector", { nodeId: root.nodeId, selector });
    const { nodes } = await session.send("Accessibility.queryAXTree", { nodeId });
    return spoken(nodes as readonly AxNode[]);
  } finally {
    await session.detach();
  }
}

function spoken(nodes: readonly AxNode[]): readonly Spoken[] {
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name }) => ({ role: role?.value ?? "", name: name?.value?.trim() ?? "" }));
}

function idsIn({ frame, childFrames = [] }: FrameTree): readonly string[] {
  return [frame.id, ...childFrames.flatMap(idsIn)];
}

/** A frame of the same origin as its parent has no session of its own. */
async function sessionOf(frame: Frame): Promise<CDPSession> {
  const context = frame.page().context();
  const parent = frame.parentFrame();
  return context.newCDPSession(parent ? frame : frame.page()).catch((error: unknown) => {
    if (parent) return sessionOf(parent);
    throw error;
  });
}

/** Roles of parts that can be used or that say where one is; without a name they say nothing. */
const named = new Set(
  [
    ["button", "tab", "tablist", "tabpanel", "textbox", "searchbox", "checkbox", "link", "menuitem", "toolbar"],
    ["treegrid", "row", "columnheader", "group", "region", "complementary", "progressbar", "ProgressIndicator"],
  ].flat(),
);

/** The roles of parts that lack a name. */
export function nameless(parts: readonly Spoken[]): readonly string[] {
  return parts.filter(({ role, name }) => named.has(role) && name === "").map(({ role }) => role);
}
