/** A file of another linter's tests or documentation, and what that linter finds in it. */
export type PeerCase = PeerText & (ExpectedFindings | ExpectedRule);

interface PeerText {
  readonly name: string;
  readonly dockerfile: string;
  readonly ignoreFile?: string | undefined;
  /** The text of a `.hadolint.yaml`. */
  readonly config?: string | undefined;
}

/** Findings by the other linter's name of the rule; lines count from 1. */
export type PeerFindings = readonly { readonly rule: string; readonly line: number }[];

/** All that the other linter finds. */
interface ExpectedFindings {
  readonly expected: PeerFindings;
}

/** True if one rule finds something; other rules are left out. */
interface ExpectedRule {
  readonly rule: string;
  readonly isFound: boolean;
}
