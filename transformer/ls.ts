// `@cachekit/transformer/ls`: the plugin for TypeScript's language server, `{ "name": "@cachekit/transformer/ls" }`.
import { createEditorPlugin } from './host/language-service.ts';

/** What tsserver calls after it has loaded the module with `require`. */
export const init = createEditorPlugin;

// tsserver wants `module.exports` to be the function; Node gives a module's export of this name to `require`.
export { init as 'module.exports' };
