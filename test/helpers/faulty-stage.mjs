// Loaded before the compiler: lets the function named in FAULT throw, `<path in transformer>#<function>`. Sources only.
import { registerHooks } from 'node:module';

const [path, name] = (process.env.FAULT ?? '').split('#');

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith(`/transformer/${path}`)) return loaded;
    const source = String(loaded.source);
    // The first `{` at the end of a line after the name opens the body: that is how the formatter writes it.
    const faulty = source.replace(
      new RegExp(`(export function ${name}\\b[^]*?\\{\\n)(?=  (?!readonly))`),
      "$1  if (process.env.FAULT !== '') throw new Error('injected');\n",
    );
    if (faulty === source) throw new Error(`there is no function ${name} in ${path}`);
    return { ...loaded, source: faulty };
  },
});
