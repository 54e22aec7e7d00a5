/** Roughly the mix of a real file: RUN with continuations, COPY, ENV, occasional stages; all RUNs differ. */
export function fileOf(lines: number): string {
  const output: string[] = [];
  for (let stage = 0; output.length < lines; stage++) {
    output.push(
      `FROM debian:12 AS stage${stage}`,
      "ARG VERSION=1.2.3",
      'ENV PATH="/opt/bin:${PATH}" NAME=value',
      "# what follows takes long",
      "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\",
      "    apt-get update && \\",
      `    apt-get install -y --no-install-recommends curl package${stage} \\`,
      "    && rm -rf /var/lib/apt/lists/*",
      "COPY --chown=1000:1000 src/app.js src/lib.js /srv/",
      'CMD ["node", "/srv/app.js"]',
    );
  }
  return output.slice(0, lines).join("\n");
}
