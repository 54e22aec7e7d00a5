// The configuration for Emacs in docs/editors.md, run by a real Emacs with Eglot.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rigLack, systemPrograms } from "../../rig/machine/systemPackages.ts";

const lack = await rigLack([systemPrograms.emacs]);
const server = fileURLToPath(new URL("../../../server/src/main.ts", import.meta.url));
const page = await readFile(new URL("../../../docs/editors.md", import.meta.url), "utf8");

let folder: string;
before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "emacs-")));
});
after(() => rm(folder, { recursive: true }));

/** The Lisp block of the page, with this server in it. */
function configuration(): string {
  const block = page.split("```elisp\n")[1]?.split("```")[0];
  assert.ok(block);
  return block
    .replace('"node"', JSON.stringify(process.execPath))
    .replace('"/opt/imagewright/dist/server.js"', JSON.stringify(server));
}

/** The value of a Lisp expression as JSON, with a file open and the server attached. */
async function inEmacs(name: string, text: string, expression: string): Promise<unknown> {
  const [file, script, output] = [join(folder, name), join(folder, "work.el"), join(folder, "output.json")];
  await writeFile(file, text);
  await writeFile(
    script,
    `(package-initialize)
${configuration()}
(require 'eglot)
(require 'json)
(setq eglot-sync-connect 60 eglot-connect-timeout 60)
(find-file ${JSON.stringify(file)})
(run-hooks 'post-command-hook)
(unless (eglot-managed-p) (error "Eglot isn't on in %s" major-mode))
(write-region (json-encode ${expression}) nil ${JSON.stringify(output)})
`,
  );
  await promisify(execFile)("emacs", ["--batch", "--no-init-file", "-l", script], {
    cwd: folder,
    env: { ...process.env, HOME: folder, DOCKER_HOST: `unix://${join(folder, "no.sock")}` },
    timeout: 150_000,
  });
  return JSON.parse(await readFile(output, "utf8")) as unknown;
}

test(
  "Eglot shows diagnostics, hovers and completions, and formats",
  { skip: lack ?? false, timeout: 180_000 },
  async () => {
    const found = await inEmacs(
      "Dockerfile",
      "FROM debian:latest AS b\nRUN x \\\n      && y   \nFROM b\n",
      `(progn
  (with-timeout (60 nil)
    (while (null (flymake-diagnostics)) (accept-process-output nil 0.1) (flymake-start)))
  (let ((diagnostics (mapcar #'flymake-diagnostic-text (flymake-diagnostics)))
        (hover (progn (goto-char 2)
                      (jsonrpc-request (eglot-current-server) :textDocument/hover
                                       (eglot--TextDocumentPositionParams)))))
    (setq indent-tabs-mode nil tab-width 2)
    (eglot-format-buffer)
    (list (cons 'diagnostics (vconcat diagnostics))
          (cons 'hover (plist-get (plist-get hover :contents) :value))
          (cons 'text (buffer-string))
          (cons 'completions (progn (goto-char (point-max))
                                    (insert "COPY --fr")
                                    (vconcat (mapcar #'substring-no-properties
                                                     (all-completions "--fr" (nth 2 (eglot-completion-at-point))))))))))`,
    );
    const { diagnostics, hover, text, completions } = found as {
      readonly diagnostics: readonly string[];
      readonly hover: string;
      readonly text: string;
      readonly completions: readonly string[];
    };
    assert.match(diagnostics.join("\n"), /latest-tag/);
    assert.match(hover, /^Starts a stage/);
    assert.equal(text, "FROM debian:latest AS b\nRUN x \\\n  && y\nFROM b\n");
    assert.deepEqual(completions, ["--from="]);
  },
);
