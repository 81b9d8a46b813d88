// One plugin for all bundlers: marked files get their generated text before anything else sees them.
import { mayContainMarker, openProject, type Diagnostic, type Project } from '@cachekit/transformer';
import { createUnplugin, type UnpluginContext } from 'unplugin';

export interface PluginOptions {
  /** Default: the nearest tsconfig, through its references, that contains the file. All other options live in it. */
  readonly tsconfig?: string;
}

const SOURCES = /\.[cm]?[jt]sx?(?:$|\?)/;
const NOT_OURS = /[\\/]node_modules[\\/]|\.d\.[cm]?ts(?:$|\?)/;
/** The same test as `mayContainMarker`, for bundlers that filter before they call JavaScript. */
const MARKED = /@cache|cached/;

/** The factory behind every entry of this package. */
export const unplugin = createUnplugin<PluginOptions | undefined>((options = {}) => {
  let project: Project | undefined;
  const open = () => (project ??= openProject({ ...options, cwd: process.cwd() }));
  return {
    name: 'cachekit',
    enforce: 'pre',
    buildStart() {
      project?.refresh();
    },
    watchChange(id) {
      project?.update(withoutQuery(id));
    },
    transform: {
      filter: { id: { include: SOURCES, exclude: NOT_OURS }, code: MARKED },
      handler(code, id) {
        if (!mayContainMarker(code)) return undefined;
        const file = withoutQuery(id);
        const compiled = open().compile(file, code);
        // Types of other files are inputs, and bundlers do not see imports of types.
        for (const dependency of compiled.dependencies) this.addWatchFile(dependency);
        report(this, compiled.diagnostics, file, code);
        return compiled.code === undefined ? undefined : { code: compiled.code, map: compiled.map };
      },
    },
  };
});

/** All of them: warnings as such, then the errors as one failure at the place of the first. */
function report(
  context: UnpluginContext,
  diagnostics: readonly Diagnostic[],
  file: string,
  code: string,
): void {
  for (const one of diagnostics) if (one.severity === 'warning') context.warn(messageOf(one, file, code));
  const [first, ...others] = diagnostics.filter((one) => one.severity === 'error');
  if (first === undefined) return;
  const message = messageOf(first, file, code);
  const rest = others.map((one) => `\n${locate(one, file, code)} ${one.code}: ${one.message} ${one.help}`);
  context.error({ ...message, message: `${message.message}${rest.join('')}` });
}

function messageOf(one: Diagnostic, file: string, code: string) {
  const isHere = one.file === file;
  const { line, column } = positionOf(isHere ? code : '', one.range.start);
  // A plain string would make esbuild blame the importer.
  return {
    message: `${one.code}: ${one.message} ${one.help}`,
    id: one.file,
    loc: { file: one.file, line, column },
  };
}

function locate(one: Diagnostic, file: string, code: string): string {
  const { line, column } = positionOf(one.file === file ? code : '', one.range.start);
  return `${one.file}:${line}:${column + 1}`;
}

/** Line from 1, column from 0, as Rollup counts. */
function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) };
}

function withoutQuery(id: string): string {
  const query = id.indexOf('?');
  return query === -1 ? id : id.slice(0, query);
}
