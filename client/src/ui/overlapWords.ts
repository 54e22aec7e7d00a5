import { inWords } from "./phrases.ts";
import { l10n } from "./l10n.ts";

/** Extensions that have language features for Dockerfiles. */
export const overlappingExtensions: readonly { readonly id: string; readonly name: string }[] = [
  { id: "docker.docker", name: "Docker DX" },
  { id: "ms-azuretools.vscode-containers", name: "Container Tools" },
  { id: "ms-azuretools.vscode-docker", name: "Docker" },
];

/** The question, and the titles of its answers. */
export function overlapQuestion(installed: readonly string[]): {
  readonly text: string;
  readonly hide: string;
  readonly show: string;
} {
  const names = inWords(installed);
  const which = l10n.t("Which should this window show? Size hints, pins and other findings stay either way");
  const [what, hide] =
    installed.length === 1
      ? [
          l10n.t("{0} also has completion, hover and BuildKit's checks for Dockerfiles.", names),
          l10n.t("Use {0}'s", names),
        ]
      : [l10n.t("{0} also have completion, hover and BuildKit's checks for Dockerfiles.", names), l10n.t("Use Theirs")];
  return { text: `${what} ${which}`, hide, show: l10n.t("Show Both") };
}
