// tsserver looks a plugin up as a file of this name, not through `exports`. The plugin itself is built from ls.ts.
export { init as 'module.exports' } from './dist/ls.js';
