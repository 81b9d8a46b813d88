import { describe, expect, it } from 'vitest';
import { findWords, splitName } from '../../../transformer/3-plan/split-name.ts';

describe('words of a name', () => {
  it.each([
    ['getUserById', ['get', 'user', 'by', 'id']],
    ['get_user_by_id', ['get', 'user', 'by', 'id']],
    ['get-user', ['get', 'user']],
    ['HTTPServer', ['http', 'server']],
    ['getHTTPUser', ['get', 'http', 'user']],
    ['loadV2Users', ['load', 'v2', 'users']],
    ['_private$name', ['private', 'name']],
    ['#load', ['load']],
    ['grüßeAn', ['grüße', 'an']],
    ['', []],
  ])('%s', (name, words) => {
    expect(splitName(name)).toEqual(words);
  });

  it('finds names of several words only in a row', () => {
    expect(findWords(['my', 'private', 'key'], ['privateKey'])).toBe('privateKey');
    expect(findWords(['private', 'my', 'key'], ['privateKey'])).toBeUndefined();
  });

  it('finds plurals', () => {
    expect(findWords(splitName('listUsers'), ['user'])).toBe('user');
    expect(findWords(splitName('listIdentities'), ['identity'])).toBe('identity');
  });
});
