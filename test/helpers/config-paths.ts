// Every setting that configure() knows, as its own messages list them.
import { checkConfig } from '../../runtime/config/check-config.ts';

/** Names that configure() knows under a path. */
function namesUnder(path: readonly string[]): string[] {
  const config = path.toReversed().reduce<object>((inner, name) => ({ [name]: inner }), { zzz: 1 });
  try {
    checkConfig(config);
  } catch (error) {
    const known = /`zzz` is not a setting of .*? It knows (.*?)\. ERR_/.exec((error as Error).message)?.[1];
    return known?.split(', ') ?? [];
  }
  return [];
}

/** `timeout.adaptive.min` and all others; `*` stands for a name that users choose. */
export function configPaths(path: readonly string[] = []): string[] {
  return namesUnder(path).flatMap((name) => {
    const own = [...path, name];
    const named = namesUnder([...own, 'any']);
    if (named.length > 0) return configPaths([...own, 'any']);
    const below = configPaths(own);
    const text = own.join('.').replace('namespaces.any', 'namespaces.*');
    const isSwitch = ['l1', 'circuitBreaker', 'adaptive'].includes(name); // false is a value of its own
    return below.length === 0 ? [text] : isSwitch ? [text, ...below] : below;
  });
}
