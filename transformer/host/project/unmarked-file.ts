// What becomes of a file without marks.
import type { CompiledFile } from './project.ts';

export const NOTHING: CompiledFile = { texts: undefined, plans: [], diagnostics: [], dependencies: [] };
