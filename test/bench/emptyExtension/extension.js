// What VS Code itself takes to load an extension.
exports.activate = () => {};
