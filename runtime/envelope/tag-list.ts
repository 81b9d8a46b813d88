// Tag ids as bytes, at the start of the body: inside the encryption where there is one.

/** A group id without its `t:`: 16 base64url characters are 12 bytes. */
const TAG_BYTES = 12;
export const MAX_TAGS = 255;

/** Tags and value as one body. */
export function withTags(tags: readonly string[], value: Buffer): Buffer {
  if (tags.length === 0) return value;
  return Buffer.concat([...tags.map((tag) => Buffer.from(tag.slice(2), 'base64url')), value]);
}

/** Both again; undefined: the body is shorter than its tags. */
export function splitTags(
  body: Buffer,
  count: number,
): { readonly tags: readonly string[]; readonly value: Buffer } | undefined {
  if (count === 0) return { tags: [], value: body };
  const end = count * TAG_BYTES;
  if (body.length < end) return undefined;
  const tags = Array.from(
    { length: count },
    (_, at) => `t:${body.toString('base64url', at * TAG_BYTES, (at + 1) * TAG_BYTES)}`,
  );
  return { tags, value: body.subarray(end) };
}
