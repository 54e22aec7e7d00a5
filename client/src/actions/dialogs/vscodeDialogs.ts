import {
  env,
  type LogOutputChannel,
  type Progress as VscodeProgress,
  ProgressLocation,
  type QuickPickItem,
  QuickPickItemKind,
  ThemeIcon,
  Uri,
  window,
  workspace,
} from "vscode";
import { safeCopy, safeLabel, safeLine, safeMessage } from "../../ui/untrustedText.ts";
import { reportError } from "../../ui/report.ts";
import { settlesWithin } from "../../async/settlesWithin.ts";
import type {
  Choice,
  Confirmation,
  Dialogs,
  Progress,
  FileQuestion,
  Listing,
  Offer,
  ProgressLine,
  SuggestingQuestion,
  Suggestion,
  TextQuestion,
} from "./dialogs.ts";
import { l10n } from "../../ui/l10n.ts";

/** VS Code's own quick picks, boxes, modals and notifications. */
export function createDialogs(log: LogOutputChannel): Dialogs {
  return {
    pickOne: async (question, choices) =>
      (await window.showQuickPick(choices.map(itemOf), { ...searchable, placeHolder: question }))?.choice,
    pickMany: pickMany,
    enter,
    enterOrChoose,
    confirm,
    saveFile,
    openFile,
    openFolder,
    withProgress: withProgress,
    showMessage: async (message, offer) => {
      log.info(message);
      await showMessage(message, offer);
    },
    showError: (error, again) => reportError(error, log, again),
    showStatus: (message) => {
      log.info(message);
      window.setStatusBarMessage(safeLabel(message), noteMs);
    },
    copy: async (text) => {
      await env.clipboard.writeText(safeCopy(text));
      const [first = "", ...more] = text.split("\n");
      window.setStatusBarMessage(
        more.length === 0 ? safeLabel(l10n.t("Copied {0}", first)) : l10n.t("Copied {0} lines", more.length + 1),
        noteMs,
      );
    },
  };
}

/** Long enough to be read, in milliseconds. */
const noteMs = 4000;

/**
 * A webview that was in front takes the focus back when the command palette closes, which would otherwise close the
 * list.
 */
const searchable = { matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true } as const;

/** Shows a custom list, since VS Code's built-in one can't report what is checked. */
async function pickMany<T extends Choice>(
  question: string,
  list: Listing<T>,
  summarize?: (checked: readonly T[]) => string,
): Promise<readonly T[] | undefined> {
  const box = window.createQuickPick<ChoiceItem<T>>();
  const reading = new AbortController();
  const checked = (): readonly T[] => box.selectedItems.map(({ choice }) => choice);
  const showSummary = (): void => void (summarize && (box.title = summarize(checked())));
  const show = (choices: readonly T[]): void => {
    const items = choices.map(itemOf);
    Object.assign(box, { items, selectedItems: items.filter(({ picked }) => picked), busy: false });
    showSummary();
  };
  Object.assign(box, { ...searchable, placeholder: question, canSelectMany: true, busy: true });
  box.onDidChangeSelection(showSummary);
  try {
    return await new Promise((resolve, reject) => {
      box.onDidAccept(() => resolve(box.selectedItems.length === 0 ? undefined : checked()));
      box.onDidHide(() => resolve(undefined));
      box.show();
      if (typeof list === "function") list(reading.signal).then(show, reject);
      else show(list);
    });
  } finally {
    reading.abort();
    box.dispose();
  }
}

interface ChoiceItem<T extends Choice> extends QuickPickItem {
  readonly choice: T;
}

function itemOf<T extends Choice>(choice: T): ChoiceItem<T> {
  const label = safeLabel(choice.label);
  return {
    ...textsOf(choice),
    label: choice.icon === undefined ? label : `$(${choice.icon}) ${label}`,
    picked: choice.isChecked === true,
    choice,
  };
}

function textsOf({ description, detail }: Choice): Pick<QuickPickItem, "description" | "detail"> {
  return {
    ...(description === undefined ? {} : { description: safeLabel(description) }),
    ...(detail === undefined ? {} : { detail: safeLabel(detail) }),
  };
}

async function enter({ title, prompt, placeHolder, value, problem }: TextQuestion): Promise<string | undefined> {
  const entered = await window.showInputBox({
    title,
    prompt,
    ignoreFocusOut: true,
    ...(placeHolder === undefined ? {} : { placeHolder }),
    ...(value === undefined ? {} : { value }),
    validateInput: (text) => problem(text.trim()),
  });
  return entered?.trim();
}

/** Without a value the item is only informative and can't be chosen. */
interface SuggestionItem extends QuickPickItem {
  readonly text?: string;
}

function enterOrChoose(question: SuggestingQuestion): Promise<string | undefined> {
  const list = window.createQuickPick<SuggestionItem>();
  const suggested = question.suggestions.flatMap((suggestion, index) =>
    suggestionItems(suggestion, question.suggestions[index - 1]),
  );
  const show = (): void => {
    const typed = list.value.trim();
    const isSuggested = question.suggestions.some(({ label }) => label === typed);
    list.items = typed === "" || isSuggested ? suggested : [typedItem(question, typed), ...suggested];
  };
  Object.assign(list, {
    title: question.title,
    placeholder: question.placeHolder,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  // The active item is reported shortly after typing. Enter pressed within that moment means the typed text.
  let activeFor = "";
  list.onDidChangeActive(() => (activeFor = list.value));
  list.onDidChangeValue(show);
  show();
  return new Promise((resolve) => {
    list.onDidAccept(() => {
      const typed = list.value.trim();
      const text = activeFor === list.value ? list.activeItems[0]?.text : typed;
      if (text === undefined || question.problem(text) !== undefined) return;
      resolve(text);
      list.hide();
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}

function suggestionItems(suggestion: Suggestion, previous: Suggestion | undefined): readonly SuggestionItem[] {
  const { label, icon, group } = suggestion;
  const item: SuggestionItem = {
    ...textsOf(suggestion),
    label: safeLabel(label),
    text: label,
    ...(icon === undefined ? {} : { iconPath: new ThemeIcon(icon) }),
  };
  return group === undefined || group === previous?.group
    ? [item]
    : [{ label: group, kind: QuickPickItemKind.Separator }, item];
}

function typedItem({ describe, problem }: SuggestingQuestion, typed: string): SuggestionItem {
  const wrong = problem(typed);
  const common = { label: typed, alwaysShow: true };
  return wrong === undefined
    ? { ...common, text: typed, description: describe(typed), iconPath: new ThemeIcon("edit") }
    : { ...common, description: wrong, iconPath: new ThemeIcon("error") };
}

async function confirm({ message, detail, action }: Confirmation): Promise<boolean> {
  return (
    (await window.showWarningMessage(
      safeLine(message),
      { modal: true, detail: detail.map(safeLine).join("\n") },
      action,
    )) === action
  );
}

async function saveFile({ title, action, name }: FileQuestion): Promise<string | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const defaultUri =
    name === undefined ? undefined : folder === undefined ? Uri.file(name) : Uri.joinPath(folder, name);
  return (
    await window.showSaveDialog({
      title,
      saveLabel: action,
      filters: archiveFilters,
      ...(defaultUri === undefined ? {} : { defaultUri }),
    })
  )?.fsPath;
}

async function openFile({ title, action }: FileQuestion): Promise<string | undefined> {
  return (
    await window.showOpenDialog({
      title,
      openLabel: action,
      filters: { ...archiveFilters, [l10n.t("All files")]: ["*"] },
    })
  )?.[0]?.fsPath;
}

async function openFolder({ title, action }: FileQuestion): Promise<string | undefined> {
  const folders = { canSelectFolders: true, canSelectFiles: false };
  return (await window.showOpenDialog({ title, openLabel: action, ...folders }))?.[0]?.fsPath;
}

const archiveFilters = { [l10n.t("Image archives")]: ["tar", "gz", "tgz", "zst"] };

/** Work that finishes within this time shows no progress, which would only flicker. */
const unnoticedMs = 400;

async function withProgress<T>(title: string, work: (doing: Progress) => Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  let latest: ProgressLine | undefined;
  let show = (line: ProgressLine): void => void (latest = line);
  const working = work({ signal: stop.signal, report: (line) => show(line) });
  if (!(await settlesWithin(working, unnoticedMs))) {
    await window.withProgress(
      { location: ProgressLocation.Notification, title: safeMessage(title), cancellable: true },
      async (progress, token) => {
        token.onCancellationRequested(() => stop.abort());
        show = growing(progress);
        if (latest) show(latest);
        await Promise.allSettled([working]);
      },
    );
  }
  return working.catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
    window.setStatusBarMessage(safeLabel(l10n.t("Cancelled: {0}", title)), noteMs);
    return undefined;
  });
}

/** Makes a notification's bar only grow: a total that turns out to be larger must not move it back. */
function growing(progress: VscodeProgress<{ message?: string; increment?: number }>): (line: ProgressLine) => void {
  let shown = 0;
  return ({ text, percent = 0 }) => {
    progress.report({ message: safeMessage(text), increment: Math.max(0, percent - shown) });
    shown = Math.max(shown, percent);
  };
}

async function showMessage(message: string, offer: Offer | undefined): Promise<void> {
  const shown = safeMessage(message);
  if (offer === undefined) await window.showInformationMessage(shown);
  else if ((await window.showInformationMessage(shown, offer.label)) === offer.label) await offer.act();
}
