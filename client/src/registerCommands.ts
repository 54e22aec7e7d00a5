import { commands, type Disposable } from "vscode";
import { commandTable, type Parts } from "./commands.ts";
import type { ImageTreeNode } from "./images/node.ts";

/** Registers every command of the table; bugs are reported to `failed`. */
export function registerCommands(parts: Parts, failed: (error: unknown) => void): { dispose(): void } {
  const registered = Object.entries(commandTable).map(([id, handler]): Disposable =>
    commands.registerCommand(id, async (node?: ImageTreeNode, nodes?: readonly ImageTreeNode[]) => {
      try {
        await handler(parts, node, nodes ?? (node ? [node] : []));
      } catch (error) {
        failed(error);
      }
    }),
  );
  return { dispose: () => registered.forEach((each) => each.dispose()) };
}
