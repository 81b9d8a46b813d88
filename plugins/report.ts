// Diagnostics → messages of the bundler, each at its place, and all of them: how depends on what the bundler takes.
import type { Diagnostic } from '@cachekit/transformer';
import type { SupportedFramework, UnpluginContext, UnpluginMessage } from 'unplugin';
import { describe, describeAt, placeOf, type Place } from './place.ts';

export interface Reporter {
  /** A build starts: nothing has been said in it. */
  start(): void;
  /** `error` of some bundlers throws; those hear of errors at the end of the build, so that they get all of them. */
  report(
    context: UnpluginContext,
    diagnostics: readonly Diagnostic[],
    source: { readonly file: string; readonly code: string },
  ): void;
  /** @throws the errors that were kept, as one: at the place of the first, with all in the message. */
  end(): void;
}

interface ReporterOptions {
  readonly framework: SupportedFramework;
  /** A server has no end of the build: each module fails for itself. */
  readonly isServer: () => boolean;
}

interface Located {
  readonly one: Diagnostic;
  readonly place: Place;
}

/** Their context collects any number of errors. */
const COLLECTS = new Set<SupportedFramework>(['esbuild', 'webpack', 'rspack']);

export function createReporter({ framework, isServer }: ReporterOptions): Reporter {
  const kept = new Map<string, Located>();
  /** What is wrong in another file (a tsconfig) comes with every module, and is said once. */
  const said = new Set<string>();
  const isNews = (found: Located, file: string): boolean => {
    const text = describeAt(found.one, found.place);
    if (found.one.file === file) return true;
    return !said.has(text) && said.add(text).size > 0;
  };
  return {
    start() {
      kept.clear();
      said.clear();
    },
    report(context, diagnostics, { file, code }) {
      const found = diagnostics.map((one) => ({ one, place: placeOf(one, file, code) }));
      for (const warning of found)
        if (warning.one.severity === 'warning' && isNews(warning, file))
          context.warn(messageOf(warning, framework));
      const errors = found.filter(({ one }) => one.severity === 'error');
      if (COLLECTS.has(framework)) {
        for (const error of errors) if (isNews(error, file)) context.error(messageOf(error, framework));
      } else if (isServer()) {
        if (errors.length > 0) context.error(inOne(errors, framework));
      } else for (const error of errors) kept.set(describeAt(error.one, error.place), error);
    },
    end() {
      if (kept.size === 0) return;
      const { message, ...where } = inOne([...kept.values()], framework);
      // The mistake is in the file named: our own frames would only hide it.
      throw Object.assign(new Error(message), where, { stack: `Error: ${message}` });
    },
  };
}

/** The first gives the place. */
function inOne(errors: readonly Located[], framework: SupportedFramework): UnpluginMessage {
  const [first, ...others] = errors;
  if (first === undefined) throw new Error('there is no error to report');
  const message = messageOf(first, framework);
  const rest = others.map(({ one, place }) => `\n${describeAt(one, place)}`);
  return { ...message, message: `${message.message}${rest.join('')}` };
}

function messageOf({ one, place }: Located, framework: SupportedFramework): UnpluginMessage {
  // webpack and Rspack get the text only.
  const message = framework === 'webpack' || framework === 'rspack' ? describeAt(one, place) : describe(one);
  // Columns from 0; esbuild counts bytes. A plain string would make it blame the importer.
  const column = framework === 'esbuild' ? Buffer.byteLength(place.before) : place.before.length;
  return { message, id: one.file, loc: { file: place.file, line: place.line, column } };
}
