// Tells whether a bundle is for browsers, which each bundler says in its own way.
import type { Compiler as RspackCompiler } from '@rspack/core';
import type { Compiler as WebpackCompiler } from 'webpack';

/** `compiler`: set by webpack and Rspack only. */
export interface BrowserBuild {
  compiler: WebpackCompiler | RspackCompiler | undefined;
}

/** `this` of hooks in Vite. */
interface ViteContext {
  readonly environment?: { readonly config?: { readonly consumer?: string } };
}

/**
 * Must be asked while a module is compiled, as compilers do not know their target before. False in Vitest, which runs
 * client code in Node.
 */
export function isForBrowsers({ compiler }: BrowserBuild, context: object): boolean {
  if (compiler !== undefined) return compiler.options.externalsPresets?.web === true;
  const { environment } = context as ViteContext; // a property that only Vite has
  return environment?.config?.consumer === 'client' && process.env['VITEST'] === undefined;
}
