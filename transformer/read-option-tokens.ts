// Code tokens of the functions among the options of `cached()`. They decide what its entries mean, so the hashes of the
// site include them.
import type { Marker } from './1-scan/marker.ts';
import type { TypeReader } from './2-shape/type-reader.ts';
import { keyFunctionOf } from './3-plan/parse-settings.ts';
import type { OptionTokens } from './3-plan/site-hashes.ts';

export interface ReadTokens {
  readonly tokens: OptionTokens;
  /** Absolute paths of the files that the functions reach. */
  readonly files: readonly string[];
}

/** Tokens of a key function, and of `tags`, `tenant` and `unless` where they are code. */
export function readOptionTokens(types: TypeReader, marker: Marker): ReadTokens {
  const files: string[] = [];
  const read = (names: readonly string[]): string | undefined => {
    const texts = marker.directive.options.flatMap(({ name, value }) => {
      if (marker.kind !== 'call' || value.kind !== 'code' || !names.includes(name)) return [];
      const found = types.expressionTokens(value.range);
      files.push(...found.files);
      return [`${name} ${found.text}`];
    });
    return texts.length === 0 ? undefined : texts.toSorted().join('\n');
  };
  const stored = read(['tags', 'tenant']);
  const unless = read(['unless']);
  const keyFunction = keyFunctionOf(marker);
  const key = keyFunction === undefined ? undefined : types.expressionTokens(keyFunction.range);
  files.push(...(key?.files ?? []));
  return { tokens: { key: key?.text, stored, unless }, files };
}
