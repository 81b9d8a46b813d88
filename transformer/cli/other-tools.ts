// Build tools whose configuration `cachekit init` does not edit: it names the page that shows what to add.
import { readdirSync } from 'node:fs';

export interface OtherTool {
  readonly name: string;
  /** File name of its configuration, without folder. */
  readonly config: string;
  /** The page of the documentation, from the root of the repository. */
  readonly page: string;
}

/** The tools and their pages under docs/guide/hosts/. What builds with another of these tools comes first. */
export const TOOL_PAGES: Readonly<Record<string, string>> = {
  nuxt: 'vite.md#nuxt',
  astro: 'vite.md#sveltekit-astro-react-router-tanstack-start',
  next: 'webpack.md#nextjs',
  nitro: 'rollup.md#nitro',
  tsdown: 'tsdown.md',
  tsup: 'tsup.md',
  rspack: 'rspack.md',
  webpack: 'webpack.md',
  rolldown: 'rolldown.md',
  rollup: 'rollup.md',
};

/** The first tool that has a configuration in the folder. */
export function findOtherTool(folder: string): OtherTool | undefined {
  const configs = readdirSync(folder).filter((name) => /\.config\.[cm]?[jt]s$/.test(name));
  for (const [name, page] of Object.entries(TOOL_PAGES)) {
    const config = configs.find((file) => file.startsWith(`${name}.config.`));
    if (config !== undefined) return { name, config, page: `docs/guide/hosts/${page}` };
  }
  return undefined;
}
