import { commands, window } from "vscode";
import type { DiffPanels } from "./panel.ts";
import { type DiffSide, shortSide } from "./side.ts";

/** Comparing two sides that are chosen one after the other. */
export interface CompareActions {
  select(side: DiffSide): Promise<void>;
  withSelected(side: DiffSide): void;
  two(before: DiffSide, after: DiffSide): void;
}

export function createCompareActions(panels: DiffPanels): CompareActions {
  let selected: DiffSide | undefined;
  return {
    select: async (side) => {
      selected = side;
      await commands.executeCommand("setContext", "imagewright.hasSelectedForCompare", true);
      window.setStatusBarMessage(`Selected for compare: ${shortSide(side)}`, 4000);
    },
    withSelected: (side) => {
      if (selected) panels.open({ before: selected, after: side });
    },
    two: (before, after) => panels.open({ before, after }),
  };
}
