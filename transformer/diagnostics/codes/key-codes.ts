// CK12xx: what enters the key. CK13xx: security; these cannot be lowered.
import { entry } from '../entry.ts';

export const keyCodes = {
  /** A parameter whose value has no canonical text. */
  CK1201: entry<{ name: string; what: string; root: string; instead?: string | undefined }>({
    severity: 'error',
    title: 'unkeyable-param',
    message: (a) =>
      `${a.root === 'this' ? 'Field' : 'Parameter'} '${a.name}' (${a.what}) cannot enter the key.`,
    help: (a) => {
      if (a.root === 'this') return 'Name a field that identifies the object, such as self=$this.id.';
      if (a.instead !== undefined)
        return `Name what identifies the call: ${a.instead}. If nothing of '${a.root}' changes the result, write ignore=${a.root}.`;
      const isAny = a.what === 'any';
      return `${isAny ? 'Annotate it with the type it has, leave' : 'Leave'} it out with ignore=${a.root}, or name what identifies the call with key=.`;
    },
  }),
  /** `key=` and `ignore=` on one function. */
  CK1202: entry<{ name?: string | undefined }>({
    severity: 'error',
    title: 'key-and-ignore',
    message: (a) =>
      a.name === undefined
        ? "'key' already says what enters the key; 'ignore' has nothing to add."
        : `'${a.name}' is both key= and ignore=.`,
    help: () => 'Remove one of the two options.',
  }),
  /** `ignore=` leaves nothing in the key. */
  CK1203: entry<object>({
    severity: 'error',
    title: 'empty-key',
    message: () => 'Every parameter is ignored; all calls share one entry.',
    help: () => 'Write key=const in place of ignore= to confirm, or keep a parameter.',
  }),
  /** The result can depend on the object the method is called on. */
  CK1204: entry<{
    name: string;
    read: string;
    why?: string | undefined;
    note?: string | undefined;
    /** A subclass replaces the method that is called: no `readonly` changes that. */
    isReplaced?: boolean;
  }>({
    severity: 'error',
    title: 'this-state',
    message: (a) =>
      a.why === undefined
        ? `'${a.name}' reads ${a.read}${a.note === undefined ? '' : ` (${a.note})`}, which is not in the key.`
        : `'${a.name}' calls ${a.read}, ${a.why}; what it reads of the object is not in the key.`,
    help: (a) =>
      a.isReplaced === true
        ? 'Name what identifies the object (self=$this.id, or self=instance), or pass what the method gives as a parameter.'
        : a.note === undefined
          ? 'Make the field readonly, name what identifies the object (self=$this.id, or self=instance), or pass the value as a parameter.'
          : `Write ignore=${a.read} if it never changes results, or name what identifies the object: self=$this.id, or self=instance.`,
  }),
  /** A variable of an enclosing function whose value has no canonical text. */
  CK1205: entry<{ name: string; what: string; root: string }>({
    severity: 'error',
    title: 'capture-unkeyable',
    message: (a) => `Captured '${a.name}' (${a.what}) can differ per closure.`,
    help: (a) =>
      `Pass it as a parameter, move it to module level, or write ignore=${a.root} if it never changes results.`,
  }),
  /** A variable of an enclosing function that is assigned again. */
  CK1206: entry<{ name: string }>({
    severity: 'error',
    title: 'capture-mutable',
    message: (a) => `Captured '${a.name}' is reassigned.`,
    help: () => 'Make it a const, or pass it as a parameter.',
  }),
  /** `arguments`, `eval` and `with` see values that no parameter names; `new.target` tells calls apart. */
  CK1207: entry<{ what: string }>({
    severity: 'error',
    title: 'arguments-object',
    message: (a) => `\`${a.what}\` bypasses the key.`,
    help: (a) =>
      a.what === 'new.target'
        ? 'Make it a function that is called without `new`.'
        : a.what === 'arguments'
          ? 'Use a rest parameter, and name what the function reads.'
          : `Name what the function reads, without \`${a.what}\`.`,
  }),
  /** `Pii<T>` or `Secret<T>` in the result, but the profile the user wrote stores it unencrypted. */
  CK1301: entry<{ type: string; path: string; profile: string }>({
    severity: 'error',
    title: 'pii-not-secure',
    message: (a) => `Returns ${a.type}${a.path === '' ? '' : ` at ${a.path}`} but profile is '${a.profile}'.`,
    help: () => 'Use the profile secure, or leave the field out of the result.',
  }),
};
