// What holds for the text itself: how it reads values, that earlier text still runs, and what a type costs.
import { describe, expect, it } from 'vitest';
import type { ValueOps } from '../../../runtime/contract/value-kit.ts';
import { valueKit } from '../../../runtime/value/value-kit.ts';
import type { TypeShape } from '../../../transformer/2-shape/type-shape.ts';
import { writeValue } from '../../../transformer/5-generate/write-value.ts';
import { evaluate } from './evaluate.ts';
import { layout } from './reorder.ts';
import { field, object } from './shapes.ts';
import { throughMessagePack } from './through-wire.ts';

const primitive = (name: 'string' | 'number' | 'undefined'): TypeShape => ({ kind: 'primitive', name });
const string = primitive('string');
const number = primitive('number');
const union = (...arms: TypeShape[]): TypeShape => ({ kind: 'union', arms });
const literals = (...values: string[]): TypeShape =>
  union(...values.map((value): TypeShape => ({ kind: 'literal', value })));
const list = (element: TypeShape): TypeShape => ({ kind: 'array', element, readonly: false });

/** One property of each kind that is tested in its own way. */
const shape = object([
  field('name', string),
  { ...field('nick', string), optional: true },
  field('role', literals('a', 'b', 'c')),
  field('tags', list(string)),
  field('boss', union(object([field('name', string), field('id', number)]), primitive('undefined'))),
]);

const values = [
  { name: 'x', nick: 'y', role: 'b', tags: ['t', ''], boss: { name: 'z', id: -0 } },
  { name: 'x', nick: undefined, role: 'c', tags: [], boss: undefined },
  { name: '', role: 'a', tags: ['t'], boss: { name: '', id: NaN } },
];

/** What earlier versions of the compiler wrote for this shape: published libraries have such text in them. */
const FIRST = [
  '(k) => { const { Object: E, Array: A, Map: M, Set: S, Date: D } = k.js, O = E.prototype, P = E.getPrototypeOf, H = E.hasOwn, N = {};',
  'const t1 = (v, o) => { if (!k.isList(v)) return false; for (let i = 0; i < v.length; i++) { const x = v[i]; if (!(typeof x === "string")) return false; } return true; };',
  'const n4 = ["name", "id"];',
  'const t3 = (v, o) => { if (typeof v !== "object" || v === null) return false; let n = 2;',
  'const p0 = v.name; if (!(typeof p0 === "string")) return false;',
  'const p1 = v.id; if (!(typeof p1 === "number")) return false; const q = P(v); return o === true ? q === O || q === null : q === O && k.own(v, n4) === n; };',
  'const t2 = (v, o) => (t3(v, o) || v === void 0);',
  'const n5 = ["name", "nick", "role", "tags", "boss"];',
  'const t0 = (v, o) => { if (typeof v !== "object" || v === null) return false; let n = 4;',
  'const p0 = v.name; if (!(typeof p0 === "string")) return false;',
  'const p1 = v.nick; if (p1 !== void 0) { if (!(typeof p1 === "string")) return false; n++; } else if (H(v, "nick")) n++;',
  'const p2 = v.role; if (!((p2 === "a" || p2 === "b" || p2 === "c"))) return false;',
  'const p3 = v.tags; if (!(t1(p3, o))) return false;',
  'const p4 = v.boss; if (p4 === void 0 && !H(v, "boss")) return false; if (!(t2(p4, o))) return false; const q = P(v); return o === true ? q === O || q === null : q === O && k.own(v, n5) === n; };',
  'const e8 = (w, v) => { w.list(2); w.num(v.id); w.str(v.name); w.end(); };',
  'const e7 = (w, v) => { typeof v !== "object" || v === null ? w.undef() : (w.list(2), w.num(0), e8(w, v), w.end()); };',
  'const e9 = (w, v) => { const n = v.length; w.list(n); for (let i = 0; i < n; i++) { const x = v[i]; w.str(x); } w.end(); };',
  'const e6 = (w, v) => { w.list(5); e7(w, v.boss); w.str(v.name); v.nick === void 0 ? H(v, "nick") ? w.undef() : w.num(0) : w.str(v.nick); w.str(v.role); e9(w, v.tags); w.end(); };',
  'const d12 = (f) => { const x = (f.skipUndef() ? void 0 : k.fail()); return x === void 0 ? x : k.fail(); };',
  'const d13 = (f) => { f.list(2);',
  'const p0 = f.num();',
  'const p1 = f.str(); f.end(); return { name: p1, id: p0 }; };',
  'const d11 = (f) => { if (!f.skipPair()) return d12(f); let x; switch (f.num()) { case 0: x = d13(f); break; default: k.fail(); } f.end(); return x; };',
  'const d14 = (f) => { const x = f.str(); return x === "a" || x === "b" || x === "c" ? x : k.fail(); };',
  'const d15 = (f) => { const n = f.list(), r = []; for (let i = 0; i < n; i++) r.push(f.str()); f.end(); return r; };',
  'const d10 = (f) => { f.list(5);',
  'const p0 = d11(f);',
  'const p1 = f.str();',
  'const p2 = f.skipZero() ? N : f.skipUndef() ? void 0 : f.str();',
  'const p3 = d14(f);',
  'const p4 = d15(f); f.end(); const r = { name: p1 }; if (p2 !== N) r.nick = p2; r.role = p3; r.tags = p4; r.boss = p0; return r; };',
  'const c18 = (v) => ({ name: v.name, id: v.id });',
  'const c17 = (v) => typeof v !== "object" || v === null ? v : c18(v);',
  'const c16 = (v) => { const r = { ...v }; r.tags = r.tags.slice(); r.boss = c17(r.boss); return r; };',
  'return { accepts: (v, o) => { try { return t0(v, o); } catch { return false; } }, copy: (v) => c16(v), write: (w, v) => { w.list(2); w.str("5L3bSAk4"); e6(w, v); w.end(); }, read: (f) => { f.list(2); if (f.str() !== "5L3bSAk4") k.fail(); const x = d10(f); f.end(); return x; } }; }',
].join(' ');

const SECOND = [
  '(k) => { const { Object: E } = k.js, P = E.getPrototypeOf, H = E.hasOwn, N = {};',
  'const t1 = (v) => v === "a" || v === "b" || v === "c";',
  'const n3 = ["name", "id"];',
  'const t2 = (v, o) => typeof v?.name === "string" && typeof v.id === "number" && k.closed(v, P(v), n3, o);',
  'const n4 = ["name", "nick", "role", "tags", "boss"];',
  'const t0 = (v, o) => { let p, n = 4; return typeof v?.name === "string" && ((p = v.nick) === void 0 ? !H(v, "nick") || ++n : typeof p === "string" && ++n) && t1(v.role) && k.isStrings(v.tags) && ((p = v.boss) === void 0 ? H(v, "boss") : t2(p, o)) && k.closed(v, P(v), n4, o, n); };',
  'const e6 = (w, v) => (w.list(2), w.num(v.id), w.str(v.name), w.end());',
  'const e5 = (w, v) => (w.list(5), v.boss === void 0 ? w.undef() : (w.list(2), w.num(0), e6(w, v.boss), w.end()), w.str(v.name), v.nick === void 0 ? H(v, "nick") ? w.undef() : w.num(0) : w.str(v.nick), w.str(v.role), k.strings(w, v.tags), w.end());',
  'const m9 = (p0, p1) => ({ name: p1, id: p0 });',
  'const d8 = (f) => (f.list(2), k.end(f, m9(f.num(), f.str())));',
  'const d10 = (f) => { const x = f.str(); return t1(x) ? x : k.fail(); };',
  'const m11 = (p0, p1, p2, p3, p4) => { const r = { name: p1 }; if (p2 !== N) r.nick = p2; r.role = p3; r.tags = p4; r.boss = p0; return r; };',
  'const d7 = (f) => (f.list(5), k.end(f, m11(f.skipUndef() ? void 0 : (k.arm(f), k.end(f, d8(f))), f.str(), f.skipZero() ? N : f.skipUndef() ? void 0 : f.str(), d10(f), k.toStrings(f))));',
  'const c13 = (v) => m9(v.id, v.name);',
  'const c12 = (v) => { const r = { ...v }; r.tags = r.tags.slice(); r.boss = r.boss && c13(r.boss); return r; };',
  'return { accepts: (v, o) => { try { return t0(v, o); } catch { return false; } }, copy: (v) => c12(v), write: (w, v) => { w.list(2); w.str("5L3bSAk4"); e5(w, v); w.end(); }, read: (f) => { f.list(2); if (f.str() !== "5L3bSAk4") k.fail(); return k.end(f, d7(f)); } }; }',
].join(' ');

function make(text: string): ValueOps {
  const create: (kit: typeof valueKit) => ValueOps = evaluate(text);
  return create(valueKit);
}

describe('generated text', () => {
  it('reads each property once, in the order of the declaration', () => {
    const { accepts } = make(writeValue(shape, []));
    for (const value of values) {
      const read: unknown[] = [];
      const watched = new Proxy(value, {
        get: (target, name) => {
          read.push(name);
          return Reflect.get(target, name) as unknown;
        },
      });
      expect(accepts(watched)).toBe(true);
      expect(read).toEqual(['name', 'nick', 'role', 'tags', 'boss']);
    }
  });

  it('takes no function and no primitive for an object, whatever properties these have', () => {
    const length = make(writeValue(object([field('length', number)]), []));
    expect(length.accepts({ length: 1 })).toBe(true);
    const plain = Object.setPrototypeOf((): void => undefined, Object.prototype) as object;
    Reflect.deleteProperty(plain, 'name');
    Object.defineProperty(plain, 'length', { value: 1, enumerable: true });
    for (const open of [false, true]) {
      for (const value of ['x', plain, () => 1, null, undefined, 1]) {
        expect(length.accepts(value, open)).toBe(false);
      }
    }
  });

  it.each([
    ['first', FIRST],
    ['second', SECOND],
  ])('gives what the %s text gives, and reads what that wrote', (_, text) => {
    const [earlier, now] = [make(text), make(writeValue(shape, []))];
    const [before, after] = [throughMessagePack(earlier), throughMessagePack(now)];
    for (const value of values) {
      expect([earlier.accepts(value), now.accepts(value)]).toEqual([true, true]);
      const bytes = before.encode(value);
      expect(after.encode(value).equals(bytes)).toBe(true);
      for (const ops of [before, after]) {
        expect(ops.decode(bytes)).toEqual(value);
        expect(layout(ops.decode(bytes))).toBe(layout(value));
      }
      expect(earlier.copy?.(value as never)).toEqual(now.copy?.(value as never)); // of that type
      const { name: _name, ...missing } = value;
      const hidden = Object.defineProperty({ ...value }, 'name', { enumerable: false });
      for (const other of [{ ...value, more: 1 }, missing, hidden, { ...value, role: 'd' }]) {
        for (const open of [false, true]) expect(now.accepts(other, open)).toBe(earlier.accepts(other, open));
      }
    }
  });

  const record = (inner: TypeShape | undefined): TypeShape =>
    object([
      field('id', number),
      field('name', string),
      field('status', literals('new', 'paid', 'sent')),
      field('created', { kind: 'date' }),
      field('tags', list(string)),
      ...(inner === undefined ? [] : [field('parent', union(inner, primitive('undefined')))]),
    ]);
  const lengthOf = (of: TypeShape): number => writeValue(of, []).length;

  it('costs at most 125 characters for a property, in all four functions together', () => {
    const two = record(record(undefined));
    expect(lengthOf(record(two)) - lengthOf(two)).toBeLessThan(6 * 125);
  });

  it('costs 100 characters for one record more that contains nearly the same record', () => {
    const three = record(record(record(undefined)));
    expect(lengthOf(record(three)) - lengthOf(three)).toBeLessThan(100);
  });

  it('shares nothing that only looks like a call: texts, properties and keys', () => {
    const inside = (inner: TypeShape | undefined, at: number): TypeShape =>
      object([
        field('t0', literals('t0(v, o)', `d${at}(f)`)),
        field('e1(w, v)', string),
        field('c2', inner === undefined ? string : union(inner, primitive('undefined'))),
      ]);
    const deep = inside(inside(inside(inside(undefined, 1), 1), 1), 2);
    const valueOf = (level: number): object => ({
      t0: level === 3 ? 'd2(f)' : 'd1(f)',
      'e1(w, v)': `e${level}`,
      c2: level === 0 ? 'c' : valueOf(level - 1),
    });
    const text = writeValue(deep, []);
    expect([...text.matchAll(/const ([A-Z])\d+ = \(inner/g)].map(([, purpose]) => purpose)).toEqual([
      'T',
      'E',
      'D',
    ]);
    const ops = make(text);
    const value = valueOf(3);
    expect(ops.accepts(value)).toBe(true);
    expect(ops.accepts({ ...value, t0: 'd1(f)' })).toBe(false);
    expect(ops.copy?.(value as never)).toEqual(value);
    const packed = throughMessagePack(ops);
    expect(packed.decode(packed.encode(value))).toEqual(value);
  });
});
