// Reports diagnostics as messages of the bundler, each at its place. Makes sure that all of them are shown, also by
// bundlers that stop at the first error.
import type { Diagnostic } from '@cachekit/transformer';
import type { SupportedFramework, UnpluginContext, UnpluginMessage } from 'unplugin';
import { describe, describeAt, placeOf, type Place } from './place.ts';

export interface Reporter {
  /** Called at the start of each build. */
  start(): void;
  /** Reports warnings at once. Errors too, or at the end of the build for bundlers whose `error` function throws. */
  report(
    context: UnpluginContext,
    diagnostics: readonly Diagnostic[],
    source: { readonly file: string; readonly code: string },
  ): void;
  /**
   * @param watchFiles what the build has read
   * @throws Error at the place of the first error that was kept, with all of them in the message.
   */
  end(watchFiles?: readonly string[]): void;
}

/** `meta` of a message for esbuild, which does not read the file that it shows: the line, and how much is underlined. */
export interface ShownLine {
  readonly lineText: string;
  /** In bytes. */
  readonly length: number;
}

interface ReporterOptions {
  readonly framework: SupportedFramework;
  /** True for a dev server, whose build never ends: there each module fails by itself. */
  readonly isServer: () => boolean;
  /** The code with its place marked, for bundlers that print it under the message. Default: none. */
  readonly frameOf?: (one: Diagnostic, place: Place) => string | undefined;
}

/** `frame`: the code, as Rollup and those that follow it print it under the message. */
type Message = UnpluginMessage & { readonly frame?: string | undefined };

interface Located {
  readonly one: Diagnostic;
  readonly place: Place;
}

/** Bundlers whose `error` function collects errors instead of throwing. */
const COLLECTS = new Set<SupportedFramework>(['esbuild', 'webpack', 'rspack']);

export function createReporter(options: ReporterOptions): Reporter {
  const { framework, isServer } = options;
  const kept = new Map<string, Located>();
  /** Diagnostics in other files (a tsconfig) already reported: every module repeats them. */
  const said = new Set<string>();
  const isNews = ({ one, place }: Located, file: string): boolean => {
    if (one.file === file) return true;
    const text = describeAt(one, place);
    if (said.has(text)) return false;
    said.add(text);
    return true;
  };
  // In builds, Vite prints only the text of a warning; its dev server also prints the place.
  const warningOf = (found: Located): Message => {
    const said = messageOf(found, options);
    const isBare = framework === 'vite' && !isServer();
    return isBare ? { ...said, message: describeAt(found.one, found.place) } : said;
  };
  return {
    start() {
      kept.clear();
      said.clear();
    },
    report(context, diagnostics, { file, code }) {
      const found = diagnostics.map((one) => ({ one, place: placeOf(one, file, code) }));
      for (const warning of found)
        if (warning.one.severity === 'warning' && isNews(warning, file)) context.warn(warningOf(warning));
      const errors = found.filter(({ one }) => one.severity === 'error');
      if (COLLECTS.has(framework)) {
        for (const error of errors) if (isNews(error, file)) context.error(messageOf(error, options));
      } else if (isServer()) {
        if (errors.length > 0) context.error(inOne(errors, options));
      } else for (const error of errors) kept.set(describeAt(error.one, error.place), error);
    },
    end(watchFiles) {
      if (kept.size === 0) return;
      const { message, ...where } = inOne([...kept.values()], options);
      // The error is in the named file; our stack frames would only distract. The line end lets Rollup see that the stack
      // says nothing that the message does not.
      throw Object.assign(new Error(message), where, { stack: `Error: ${message}\n`, watchFiles });
    },
  };
}

/** One message for all errors, at the place of the first. */
function inOne(errors: readonly Located[], options: ReporterOptions): Message {
  const [first, ...others] = errors;
  if (first === undefined) throw new Error('there is no error to report');
  const located = messageOf(first, options);
  // Rollup prints the place as well, but Nitro's dev server only the text.
  const text = options.framework === 'rollup' ? describeAt(first.one, first.place) : located.message;
  const rest = others.map(({ one, place }) => `\n${describeAt(one, place)}`);
  return { ...located, message: `${text}${rest.join('')}` };
}

function messageOf({ one, place }: Located, options: ReporterOptions): Message {
  const { framework } = options;
  // webpack and Rspack show only the text, so it has to include the place.
  const message = framework === 'webpack' || framework === 'rspack' ? describeAt(one, place) : describe(one);
  // Columns are counted from 0, in bytes for esbuild. Without a location esbuild would blame the importing file.
  const column = framework === 'esbuild' ? Buffer.byteLength(place.before) : place.before.length;
  const located = { message, id: one.file, loc: { file: place.file, line: place.line, column } };
  if (framework === 'esbuild') return { ...located, meta: shownLine(one, place) };
  return printsFrame(one, options) ? { ...located, frame: options.frameOf?.(one, place) } : located;
}

/** Vite's dev server makes a frame of its own, in which its overlay finds the place. It would show a secret too. */
function printsFrame({ hidesSource }: Diagnostic, { framework, isServer }: ReporterOptions): boolean {
  if (COLLECTS.has(framework)) return false;
  return framework !== 'vite' || !isServer() || hidesSource === true;
}

function shownLine({ hidesSource }: Diagnostic, { before, marked, after }: Place): ShownLine {
  if (hidesSource === true) return { lineText: '', length: 0 };
  return { lineText: before + marked + after, length: Buffer.byteLength(marked) };
}
