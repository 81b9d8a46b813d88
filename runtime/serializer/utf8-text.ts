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

function shortAscii(bytes: Buffer, start: number, end: number): string | undefined {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number; // within the bytes
    if (byte > 0x7f) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}
