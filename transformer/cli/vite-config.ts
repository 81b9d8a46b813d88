// Reads the plugins of a Vite configuration, in order and with their places, without running it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type TS from 'typescript';
import { loadTypeScript } from '../host/load-typescript.ts';
import { findPluginImport } from './plugin-import.ts';

interface ViteConfig {
  /** File name without folder. */
  readonly file: string;
  /** How `@cachekit/plugins/vite` is imported; undefined: it is not. */
  readonly imported: ReturnType<typeof findPluginImport>;
  readonly plugins: readonly VitePlugin[];
  /** Place of the list of plugins, else of the file; counted from 1. */
  readonly line: number;
  readonly column: number;
}

interface VitePlugin {
  /** As written, shortened. */
  readonly text: string;
  readonly isOurs: boolean;
  readonly line: number;
}

const VITE_CONFIGS: readonly string[] = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map(
  (ending) => `vite.config.${ending}`,
);

/** File name of the configuration in a folder; undefined: there is none. */
export function findViteConfig(folder: string): string | undefined {
  return VITE_CONFIGS.find((name) => existsSync(join(folder, name)));
}

/** Undefined when there is no configuration. Plugins added by a function are not seen. */
export function readViteConfig(folder: string): ViteConfig | undefined {
  const file = findViteConfig(folder);
  if (file === undefined) return undefined;
  const ts = loadTypeScript();
  const content = readFileSync(join(folder, file), 'utf8');
  const source = ts.createSourceFile(file, content, ts.ScriptTarget.Latest, true);
  const imported = findPluginImport(content, '@cachekit/plugins/vite');
  const list = findPlugins(ts, source);
  const place = (node: TS.Node) => source.getLineAndCharacterOfPosition(node.getStart(source));
  const plugins = (list?.elements ?? []).map((element): VitePlugin => {
    const text = element.getText(source).replaceAll(/\s+/g, ' ');
    const isOurs = ts.isCallExpression(element) && element.expression.getText(source) === imported?.callee;
    return { text: text.length > 30 ? `${text.slice(0, 29)}…` : text, isOurs, line: place(element).line + 1 };
  });
  const { line, character } = list === undefined ? { line: 0, character: 0 } : place(list);
  return { file, imported, plugins, line: line + 1, column: character + 1 };
}

function findPlugins(ts: typeof TS, source: TS.SourceFile): TS.ArrayLiteralExpression | undefined {
  let found: TS.ArrayLiteralExpression | undefined;
  const visit = (node: TS.Node): void => {
    if (found !== undefined) return;
    const isList = ts.isPropertyAssignment(node) && node.name.getText(source) === 'plugins';
    if (isList && ts.isArrayLiteralExpression(node.initializer)) found = node.initializer;
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
