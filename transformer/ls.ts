// `@cachekit/transformer/ls`: the plugin for TypeScript's language server, `{ "name": "@cachekit/transformer/ls" }`.
import { createEditorPlugin } from './host/language-service.ts';

/** What tsserver calls after it has loaded the module with `require`. */
export const init = createEditorPlugin;

// tsserver expects `module.exports` itself to be the function. For an ES module, Node's `require` returns the export of
// this name.
export { init as 'module.exports' };
