// UTF-8 → text, strictly.

/** Up to here a loop over the bytes is faster than a call into the decoder. */
const SHORT_TEXT = 12;

/** A Buffer has it; its types do not. */
type Slices = Buffer & { utf8Slice(start: number, end: number): string };

/** Within the bytes. Undefined: they are not UTF-8. */
export function textOfUtf8(bytes: Buffer, start: number, end: number): string | undefined {
  const short = end - start < SHORT_TEXT ? shortAscii(bytes, start, end) : undefined;
  if (short !== undefined) return short;
  const text = (bytes as Slices).utf8Slice(start, end); // every Buffer has the method
  // The decoder replaces what is not UTF-8; a replacement character that was written is found again in the bytes.
  const isSuspect = text.includes('\uFFFD') && !Buffer.from(text).equals(bytes.subarray(start, end));
  return isSuspect ? undefined : text;
}

/** Four at a time: each piece of a text that is put together is an object of its own. */
function shortAscii(bytes: Buffer, start: number, end: number): string | undefined {
  for (let i = start; i < end; i++) if ((bytes[i] as number) > 0x7f) return undefined; // within the bytes
  const wholeEnd = end - ((end - start) & 3);
  let text = '';
  for (let i = start; i < wholeEnd; i += 4) text += charsAt(bytes, i, 4);
  return wholeEnd === end ? text : text + charsAt(bytes, wholeEnd, end - wholeEnd);
}

/** `count`: 1 to 4. */
function charsAt(bytes: Buffer, at: number, count: number): string {
  const first = bytes[at] as number; // as far as `count` says, within the bytes; beyond them nothing is used
  if (count === 1) return String.fromCharCode(first);
  const second = bytes[at + 1] as number;
  if (count === 2) return String.fromCharCode(first, second);
  const third = bytes[at + 2] as number;
  if (count === 3) return String.fromCharCode(first, second, third);
  return String.fromCharCode(first, second, third, bytes[at + 3] as number);
}
