// Which bundles are for browsers: each bundler says it in its own way.
import type { Compiler as RspackCompiler } from '@rspack/core';
import type { Compiler as WebpackCompiler } from 'webpack';

export interface BrowserBuild {
  compiler: WebpackCompiler | RspackCompiler | undefined;
}

/** What Vite gives hooks as `this`. */
interface ViteContext {
  readonly environment?: { readonly config?: { readonly consumer?: string } };
}

/** Asked while a module is compiled: compilers know their target only then. Vitest runs client code in Node. */
export function isForBrowsers({ compiler }: BrowserBuild, context: object): boolean {
  if (compiler !== undefined) return compiler.options.externalsPresets?.web === true;
  const { environment } = context as ViteContext; // a property that only Vite has
  return environment?.config?.consumer === 'client' && process.env['VITEST'] === undefined;
}
