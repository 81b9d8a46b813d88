// A webpack loader of the kind every TypeScript project has: types out, nothing else.
const ts = require('typescript');

module.exports = function stripTypes(code) {
  const { outputText, sourceMapText } = ts.transpileModule(code, {
    fileName: this.resourcePath,
    compilerOptions: { target: 'es2024', module: 'esnext', verbatimModuleSyntax: true, sourceMap: true },
  });
  // The plugin moves no line, so the map over its text has the user's lines.
  this.callback(null, outputText.replace(/\n\/\/# sourceMappingURL=.*/, ''), JSON.parse(sourceMapText));
};
