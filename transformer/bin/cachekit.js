#!/usr/bin/env node
// Compiled code of V8 on disk, as TypeScript's own `tsc` has it. Not a static import: modules load before the first statement.
import module from 'node:module';
// Missing in versions of Node.js that the command itself refuses.
if (process.env.NODE_V8_COVERAGE === undefined) module.enableCompileCache?.();
await import('../dist/cli/main.js');
