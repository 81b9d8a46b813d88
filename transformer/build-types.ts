// Build options that name types and modules of codecs.

/** Checked; plain JSON. */
export interface BuildTypes {
  /** Modules that export `defineCodec(…)`, relative to the tsconfig. */
  readonly codecs: readonly string[];
  /** `package#Type`. */
  readonly sensitiveTypes: readonly string[];
  readonly ignoredTypes: readonly string[];
}

const TYPE_NAME = /^(?:@[\w.-]+\/)?[\w.-]+#[\p{ID_Start}$_][\p{ID_Continue}$.]*$/u;

/** A wrong list counts as not written, and is reported. */
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
