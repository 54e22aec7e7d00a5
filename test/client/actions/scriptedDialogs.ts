import assert from "node:assert/strict";
import type { Choice, Dialogs, Listing } from "../../../client/src/actions/dialogs/dialogs.ts";

/**
 * A label to choose, labels to check, a text to enter, or a file; true or false to confirm or not; "back" to cancel.
 */
export type Answer = string | readonly string[] | boolean;

export interface ScriptedDialogs extends Dialogs {
  /** The prompts and messages so far, one per line. */
  readonly transcript: readonly string[];
  /** The progress lines that were shown, as titles and texts. */
  readonly progress: readonly string[];
  /** Fails if there are unused answers. */
  end(): void;
}

export interface Script {
  readonly answers?: readonly Answer[];
  /** The label of the offer to accept. */
  readonly takes?: string;
  /** Cancels work whose title begins with this text once it reports progress. */
  readonly stops?: string;
}

/** Dialogs that give their answers in order and record the prompts. */
export function scriptedDialogs({ answers = [], takes, stops }: Script = {}): ScriptedDialogs {
  const left = [...answers];
  const transcript: string[] = [];
  const progress: string[] = [];
  const next = (question: string): Answer => {
    transcript.push(question);
    const answer = left.shift();
    assert.ok(answer !== undefined, `nobody answers: ${question}`);
    return answer;
  };
  const listed = async <T extends Choice>(list: Listing<T>): Promise<readonly T[]> =>
    typeof list === "function" ? list(new AbortController().signal) : list;
  const valid = (text: string, problem: (text: string) => string | undefined): string => {
    assert.equal(problem(text), undefined, `${text} is not accepted`);
    return text;
  };
  const labelled = <T extends Choice>(choices: readonly T[], label: string): T => {
    const found = choices.find((choice) => choice.label === label);
    assert.ok(found, `${label} is not among ${choices.map((choice) => choice.label).join(", ")}`);
    return found;
  };
  return {
    transcript,
    progress,
    end: () => assert.deepEqual(left, []),
    pickOne: async (question, choices) => {
      const answer = next(`${question} ${choices.map(({ label }) => label).join(" | ")}`);
      return answer === "back" ? undefined : labelled(choices, String(answer));
    },
    pickMany: async (question, list) => {
      const choices = await listed(list);
      const answer = next(
        `${question} ${choices.map(({ label, isChecked }) => `${isChecked === true ? "✓ " : ""}${label}`).join(" | ")}`,
      );
      return typeof answer === "object" ? answer.map((label) => labelled(choices, label)) : undefined;
    },
    enter: async ({ prompt, problem }) => {
      const answer = next(prompt);
      return answer === "back" ? undefined : valid(String(answer), problem);
    },
    enterOrChoose: async ({ title, suggestions, describe, problem }) => {
      const answer = next([title, ...suggestions.map(({ label }) => label)].join(" | "));
      if (answer === "back") return undefined;
      transcript.push(`  ${String(answer)}: ${describe(String(answer))}`);
      return valid(String(answer), problem);
    },
    confirm: async ({ message, detail, action }) => next([message, ...detail, `[${action}]`].join("\n  ")) === true,
    saveFile: async ({ title, name = "" }) => {
      const answer = next(`${title} ${name}`);
      return answer === "back" ? undefined : String(answer);
    },
    openFile: async ({ title }) => {
      const answer = next(title);
      return answer === "back" ? undefined : String(answer);
    },
    openFolder: async ({ title }) => {
      const answer = next(title);
      return answer === "back" ? undefined : String(answer);
    },
    withProgress: async (title, work) => {
      const stop = new AbortController();
      progress.push(title);
      const report = ({ text }: { readonly text: string }): void => {
        progress.push(text);
        if (stops !== undefined && title.startsWith(stops)) stop.abort();
      };
      try {
        return await work({ signal: stop.signal, report });
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        transcript.push(`stopped: ${title}`);
        return undefined;
      }
    },
    showStatus: (message) => void transcript.push(`note: ${message}`),
    showMessage: async (message, offer) => {
      transcript.push(`tell: ${message}${offer === undefined ? "" : ` [${offer.label}]`}`);
      if (offer !== undefined && offer.label === takes) await offer.act();
    },
    showError: (error) => Promise.resolve(void transcript.push(`error: ${error.kind}: ${error.message}`)),
    copy: (text) => Promise.resolve(void transcript.push(`copied: ${text}`)),
  };
}
