const { cpSync, writeFileSync } = require("node:fs");
const { version } = require("../package.json");

cpSync("src", "dist", { recursive: true });
writeFileSync("dist/version.json", JSON.stringify({ version, built: new Date().toISOString() }));
