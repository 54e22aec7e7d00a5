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
  const names = installed.join(" and ");
  const [have, others] = installed.length === 1 ? ["has", `Use ${names}'s`] : ["have", "Use Theirs"];
  return {
    text: `${names} also ${have} completion, hover and BuildKit's checks for Dockerfiles. Which should this window show? Size hints, pins and other findings stay either way`,
    hide: others,
    show: "Show Both",
  };
}
