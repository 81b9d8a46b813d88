// A solution: the cached function of `app` reaches code of `mid` and, through that, of `lib`. Their declarations do not change
// when that code does.
import { smallProject, type SmallProject } from './small-project.ts';

export const rate =
  'export function rate(): number { return 1; }\nexport function other(): number { return 1; }\n';
export const pricing =
  "import { rate } from '../lib/rate.js';\nexport const price = (id: number): number => id * rate();\n";
const loading = `import { price } from '../mid/price.js';
/** @cache */
export async function load(id: number): Promise<number> {
  return price(id);
}
`;

/** `appOptions`: in place of `composite`. Only `app` has the plugin. */
export function referencedProjects(appOptions: object = { composite: true }): SmallProject {
  const project = smallProject({ 'lib/rate.ts': rate, 'mid/price.ts': pricing, 'app/load.ts': loading });
  const common = { module: 'nodenext', target: 'es2022', lib: ['es2015'], types: [] };
  const write = (folder: string, options: object, ...paths: readonly string[]) => {
    const config = {
      compilerOptions: { ...common, ...options },
      references: paths.map((path) => ({ path })),
    };
    project.write(`${folder}/tsconfig.json`, JSON.stringify(config));
  };
  const plugins = [{ transform: '@cachekit/transformer', transformProgram: true }];
  write('lib', { composite: true });
  write('mid', { composite: true }, '../lib');
  write('app', { ...appOptions, plugins }, '../mid');
  project.write('tsconfig.json', JSON.stringify({ files: [], references: [{ path: './app' }] }));
  return project;
}

/** The code fingerprint in what was written for `app`; undefined: it is not cached. */
export function codeOf(project: SmallProject): string | undefined {
  return /code: "(\w{16})"/.exec(project.read('app/load.js'))?.[1];
}

/** As `rate`, giving that number. */
export const rateOf = (value: number): string => rate.replace('return 1', `return ${value}`);
