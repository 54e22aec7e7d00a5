import { hasOption } from "../../semantics/runCommands.ts";
import { defineUnpinnedRule } from "../families/unpinnedPackages.ts";

export default defineUnpinnedRule({
  id: "pip-version",
  group: "reproducibility",
  title: "pip install",
  severity: "info",
  aliases: ["DL3013"],
  sources: ["https://pip.pypa.io/en/stable/cli/pip_install/#requirement-specifiers"],
  program: {
    name: /(?:^|\/)pip(?:x|[\d.]*)$/,
    subcommands: ["install"],
    isPinned: (word) => (isRepository(word) ? revision : /[=<>~!@]|\.(?:whl|zip|tar\.\w+)$/).test(word),
    isPlace: (word) => !isRepository(word) && /^(?:[./~]|[a-z][a-z0-9+.-]*:)|\//i.test(word),
    isNewestMeant: (word, command) => /^(?:pip|setuptools|wheel)$/.test(word) && hasOption(command, "-U", "--upgrade"),
    isExempt: (command) => hasOption(command, "-r", "--requirement", "-c", "--constraint", "-e", "--editable"),
    sample: (name) => (isRepository(name) ? name.replace(/(?=#|$)/, "@<commit>") : `${name}==<version>`),
  },
  examples: [
    {
      bad: `FROM python:3.13
RUN pip3 install --trusted-host pypi.example.org git+https://example.org/acme/lib.git#egg=lib
                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ git+https://example.org/acme/lib.git#egg=lib has no version; write git+https://example.org/acme/lib.git@<commit>#egg=lib
RUN pipx install poetry
                 ^^^^^^ poetry has no version; write poetry==<version>
`,
      good: `FROM python:3.13
RUN pip3 install --trusted-host pypi.example.org git+https://example.org/acme/lib.git@v1.4.0#egg=lib
RUN pipx install poetry==2.1.3
`,
    },
    {
      bad: `FROM python:3.13
RUN pip install --no-cache-dir flask
                               ^^^^^ flask has no version; write flask==<version>
`,
      good: `FROM python:3.13
RUN pip install --no-cache-dir flask==3.1.0
`,
    },
  ],
});

/** True for `git+https://…`, also as `name @ git+https://…`. @see https://pip.pypa.io/en/stable/topics/vcs-support/ */
function isRepository(word: string): boolean {
  return /^(?:[\w.[\],-]+\s*@\s*)?(?:git|hg|svn|bzr)\+/i.test(word);
}

/** `@v1.4` in the path of a repository's address; a part before the host is a user. */
const revision = /:\/\/[^/#]*\/[^#]*@[^/#]/;
