// Decodes UTF-8 strictly.

/** For texts shorter than this a loop over the bytes is faster than a call of the decoder. */
const SHORT_TEXT = 12;

/** A method that Buffer has, but its types do not declare. */
type Slices = Buffer & { utf8Slice(start: number, end: number): string };

/** Text of a range within the bytes. undefined: the range is not UTF-8. */
export function textOfUtf8(bytes: Buffer, start: number, end: number): string | undefined {
  const short = end - start < SHORT_TEXT ? shortAscii(bytes, start, end) : undefined;
  if (short !== undefined) return short;
  const text = (bytes as Slices).utf8Slice(start, end); // every Buffer has the method
  // The decoder replaces invalid UTF-8 by U+FFFD. If the text really has that character, encoding gives the same bytes.
  const isSuspect = text.includes('\uFFFD') && !Buffer.from(text).equals(bytes.subarray(start, end));
  return isSuspect ? undefined : text;
}

/** undefined: not ASCII. Four characters at a time, because each piece of a concatenated string is an object. */
function shortAscii(bytes: Buffer, start: number, end: number): string | undefined {
  for (let i = start; i < end; i++) if ((bytes[i] as number) > 0x7f) return undefined; // within the bytes
  const wholeEnd = end - ((end - start) & 3);
  let text = '';
  for (let i = start; i < wholeEnd; i += 4) text += charsAt(bytes, i, 4);
  return wholeEnd === end ? text : text + charsAt(bytes, wholeEnd, end - wholeEnd);
}

/** `count`: 1 to 4. */
function charsAt(bytes: Buffer, at: number, count: number): string {
  const first = bytes[at] as number; // this and the next `count - 1` bytes are in range; others are not used
  if (count === 1) return String.fromCharCode(first);
  const second = bytes[at + 1] as number;
  if (count === 2) return String.fromCharCode(first, second);
  const third = bytes[at + 2] as number;
  if (count === 3) return String.fromCharCode(first, second, third);
  return String.fromCharCode(first, second, third, bytes[at + 3] as number);
}
