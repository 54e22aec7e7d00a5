/** Programs that change Debian packages; the apt estimators determine their effect. */
export const aptPrograms: ReadonlySet<string> = new Set([
  "apt",
  "apt-cache",
  "apt-config",
  "apt-get",
  "apt-mark",
  "aptitude",
  "dpkg",
  "dpkg-query",
  "gdebi",
  "add-apt-repository",
]);
