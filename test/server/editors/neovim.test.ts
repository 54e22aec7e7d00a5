// The configuration for Neovim in docs/editors.md, run by a real Neovim.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rigLack, systemPrograms } from "../../rig/machine/systemPackages.ts";

const lack = await rigLack([systemPrograms.neovim]);
const server = fileURLToPath(new URL("../../../server/src/main.ts", import.meta.url));
const page = await readFile(new URL("../../../docs/editors.md", import.meta.url), "utf8");

let folder: string;
before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "neovim-")));
});
after(() => rm(folder, { recursive: true }));

/** The Lua block of the page that an old Neovim runs too, with this server in it. */
function configuration(): string {
  const [block] = page
    .split("```lua\n")
    .flatMap((part) => (part.includes("start_client") ? [part.split("```")[0]] : []));
  assert.ok(block);
  return block
    .replace('"node"', JSON.stringify(process.execPath))
    .replace('"/opt/imagewright/dist/server.js"', JSON.stringify(server));
}

/** The output of a Lua script, with a file open and the server attached. `request(method, params)` waits for answers. */
async function inNeovim(name: string, text: string, script: string): Promise<unknown> {
  const [file, config, work] = [join(folder, name), join(folder, "config.lua"), join(folder, "work.lua")];
  await writeFile(file, text);
  await writeFile(config, configuration());
  await writeFile(
    work,
    `${prelude}\nlocal result = (function()\n${script}\nend)()\nio.stdout:write(vim.fn.json_encode(result))\n`,
  );
  const args = ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", `luafile ${config}`, "-c", `edit ${file}`];
  const { stdout } = await promisify(execFile)("nvim", [...args, "-c", `luafile ${work}`, "-c", "qa!"], {
    env: { ...process.env, DOCKER_HOST: `unix://${join(folder, "no.sock")}`, XDG_STATE_HOME: folder },
    timeout: 120_000,
  });
  return JSON.parse(stdout) as unknown;
}

const prelude = `
local function at(line, character)
  return { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = line, character = character } }
end
local function request(method, params)
  for _, answer in pairs(vim.lsp.buf_request_sync(0, method, params, 60000)) do return answer.result end
end
assert(vim.wait(60000, function()
  for _, client in pairs(vim.lsp.buf_get_clients(0)) do return client.initialized end
end))
`;

test("diagnostics are published", { skip: lack ?? false, timeout: 180_000 }, async () => {
  const found = await inNeovim(
    "A.dockerfile",
    "FROM debian:latest\n",
    `vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end)
    return vim.tbl_map(function(one) return one.code or one.user_data.lsp.code end, vim.diagnostic.get(0))`,
  );
  assert.ok(Array.isArray(found) && found.includes("latest-tag"), JSON.stringify(found));
});

test("hover, definition and formatting", { skip: lack ?? false, timeout: 180_000 }, async () => {
  const found = await inNeovim(
    "B.dockerfile",
    "FROM debian:12 AS b\nRUN x \\\n      && y   \nFROM b\n",
    `local hover = request("textDocument/hover", at(0, 1)).contents
    local line = request("textDocument/definition", at(3, 5)).range.start.line
    vim.bo.shiftwidth = 2
    vim.bo.expandtab = true
    vim.lsp.buf.formatting_sync(nil, 60000)
    return { hover = hover, line = line, text = vim.api.nvim_buf_get_lines(0, 0, -1, false) }`,
  );
  const { hover, line, text } = found as { hover: { value: string }; line: number; text: string[] };
  assert.match(hover.value, /^Starts a stage/);
  assert.equal(line, 0);
  assert.deepEqual(text, ["FROM debian:12 AS b", "RUN x \\", "  && y", "FROM b"]);
});
