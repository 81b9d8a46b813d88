import { describe, expect, it } from 'vitest';
import { chooseProfile } from '../../../transformer/3-plan/choose-profile.ts';
import { resolveOptions } from '../../../transformer/options.ts';
import { array, boolean, number, object, signature, string } from './ir.ts';

const { options } = resolveOptions({}, 'tsconfig.json');
const choose = (name: string, types = signature({ id: number }), written?: string) =>
  chooseProfile(written, name, types, options);

describe('profile of a function', () => {
  it('is the written one, whatever the name says', () => {
    expect(choose('getUser', undefined, 'minimal')).toEqual({
      profile: { value: 'minimal', reason: 'marker' },
      inferred: false,
    });
  });

  it('is secure for a sensitive word in the name, before a hot one', () => {
    expect(choose('getUser')).toEqual({
      profile: { value: 'secure', reason: "name word 'user'" },
      inferred: true,
    });
  });

  it.each([
    'userById',
    'load_user',
    'load-users',
    'LoadUserCard',
    'getHTTPUser',
    'oauthSession',
    'AUTHHeader',
    'payments',
    'fetchAccount2',
  ])('is secure for %s', (name) => {
    expect(choose(name).profile.value).toBe('secure');
  });

  it.each(['author', 'authorsOf', 'superuserless', 'accountable', 'tokenize', 'impatient', 'bankruptcyLaw'])(
    'is not secure for %s: words, not letters, decide',
    (name) => {
      expect(choose(name).profile.value).not.toBe('secure');
    },
  );

  it.each(['getRate', 'calcTax', 'compute_total', 'findOrder', 'lookupPrice', 'lookUpPrice'])(
    'is minimal for %s',
    (name) => {
      expect(choose(name).profile.value).toBe('minimal');
    },
  );

  // A look at the lists as a whole: names that somebody would write, and what they should get.
  it.each([
    [
      'secure',
      'getUserCard customerSegments loadPatientChart fetchPayslipOfEmployee walletBalance signInToken',
    ],
    ['secure', 'emailOf phoneNumbers oauthState jwtClaims sessionCookie healthRecordsOf diagnosesByYear'],
    ['secure', 'kycStatus ibanOfPartner creditScoreFor apiKeyOwner userOfAgent birthdayList'],
    ['minimal', 'getWeather findRoute calcTax computeShipping lookupZip getBankHolidays getUserAgentName'],
    [
      'default',
      'parseUserAgent countTokens tokenCountOf bankHolidaysIn renderEmailTemplate cookieBannerText',
    ],
    [
      'default',
      'dependentsOf licenceReport authorBio sessionlessPing accountability topSellers priceHistory',
    ],
    ['default', 'healthCheck tokenizeText memberCount profileCpu pinnedPosts secretlyFunny addressFormat'],
  ])('is %s for %s', (profile, names) => {
    const chosen = names.split(' ').map((name) => `${name} ${choose(name).profile.value}`);
    expect(chosen).toEqual(names.split(' ').map((name) => `${name} ${profile}`));
  });

  it('is secure for a phrase that is harmless to us and not to the project', () => {
    const { options: own } = resolveOptions({ sensitiveNames: { add: ['userAgent'] } }, 'tsconfig.json');
    expect(chooseProfile(undefined, 'userAgentOf', signature({}), own).profile.value).toBe('secure');
  });

  it('is the balanced default otherwise', () => {
    expect(choose('report')).toMatchObject({ profile: { value: 'default' }, inferred: true });
  });

  it.each(['password', 'ssn', 'cvv', 'iban', 'privateKey', 'refresh_token', 'accessTokens', 'clientSecret'])(
    'is secure for a field %s, however deep',
    (field) => {
      const types = signature({}, object({ rows: array(object({ [field]: string })) }));
      expect(choose('report', types).profile).toEqual({
        value: 'secure',
        reason: `sensitive name at .rows[].${field}`,
      });
    },
  );

  it('is not secure for a flag about a secret', () => {
    expect(choose('report', signature({}, object({ hasPassword: boolean }))).profile.value).toBe('default');
  });

  it('is secure for a sensitive type, which the reason names', () => {
    const types = signature({}, object({ mail: { ...string, sensitive: 'pii' } }));
    expect(choose('report', types).profile).toEqual({ value: 'secure', reason: 'Pii<string> at .mail' });
  });

  it('is secure for a sensitive type that stands on a recursive one', () => {
    const types = signature({}, object({ tree: { kind: 'ref', id: 0, sensitive: 'secret' } }), {
      refs: [object({ kids: array({ kind: 'ref', id: 0 }) })],
    });
    expect(choose('report', types).profile.value).toBe('secure');
  });

  it('is secure for a credential among the parameters: a plain hash of it could be guessed', () => {
    expect(choose('verify', signature({ password: string })).profile).toEqual({
      value: 'secure',
      reason: 'parameter sensitive name at password',
    });
  });

  it('follows the word lists of the tsconfig entry', () => {
    const changed = resolveOptions(
      { sensitiveNames: { add: ['ledger'], remove: ['user', 'password'] }, hotNames: { add: ['quick'] } },
      'tsconfig.json',
    ).options;
    const value = (name: string, types = signature({})) =>
      chooseProfile(undefined, name, types, changed).profile.value;
    expect(value('ledgerOf')).toBe('secure');
    expect(value('userOf')).toBe('default');
    expect(value('quickLoad')).toBe('minimal');
    expect(value('report', signature({}, object({ password: string })))).toBe('default');
  });
});
