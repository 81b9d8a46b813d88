// Reads the build options that name types and codec modules.

/** The checked options; plain JSON. Meanings: see `TransformerOptions`. */
export interface BuildTypes {
  /** Modules that export `defineCodec(…)`: paths relative to the tsconfig, or packages. */
  readonly codecs: readonly string[];
  /** Each `package#Type`. */
  readonly sensitiveTypes: readonly string[];
  /** Each `package#Type`. */
  readonly ignoredTypes: readonly string[];
}

const TYPE_NAME = /^(?:@[\w.-]+\/)?[\w.-]+#[\p{ID_Start}$_][\p{ID_Continue}$.]*$/u;

/** A list with a wrong item is reported and then treated as not written. */
export function readBuildTypes(
  entry: Readonly<Record<string, unknown>>,
  report: (option: keyof BuildTypes, expected: string) => void,
): BuildTypes {
  const read = (
    option: keyof BuildTypes,
    isItem: (text: string) => boolean,
    expected: string,
  ): readonly string[] => {
    const value = entry[option];
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string' && isItem(item)))
      return value as readonly string[]; // just checked
    report(option, expected);
    return [];
  };
  const types = 'a list of `package#Type`';
  return {
    codecs: read('codecs', (text) => text !== '', 'a list of module paths'),
    sensitiveTypes: read('sensitiveTypes', (text) => TYPE_NAME.test(text), types),
    ignoredTypes: read('ignoredTypes', (text) => TYPE_NAME.test(text), types),
  };
}
