// Tag ids as bytes at the start of the body, where encryption covers them.

/** A tag id is `t:` and 16 base64url characters, which are 12 bytes. */
const TAG_BYTES = 12;

/** Tags and value as one body; `value` itself if there are no tags. */
export function withTags(tags: readonly string[], value: Buffer): Buffer {
  if (tags.length === 0) return value;
  const start = TAG_BYTES * tags.length;
  const body = Buffer.alloc(start + value.length); // zeroed, in case a tag is shorter than expected
  for (const [at, tag] of tags.entries()) body.write(tag.slice(2), at * TAG_BYTES, TAG_BYTES, 'base64url');
  value.copy(body, start);
  return body;
}

/** Inverse of `withTags`; undefined: the body is too short for this many tags. */
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
