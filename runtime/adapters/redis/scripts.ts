// The Lua scripts that run in the server. All keys of a script are in one slot and passed in KEYS; numbers stay below
// 2^53.

/** A script and how to run it. */
export interface Script {
  readonly text: string;
  /** The script must run even when the server is out of memory; Redis 7 and later allow that. Default false. */
  readonly isAllowedWhenFull?: boolean;
}

/**
 * Answers with the entry, unless it is the rejected one; else takes or renews the lease and tries the lock. KEYS
 * entry, lease, lock. ARGV nonce, lease ms, lock token or '', lock ms, first bytes of the rejected entry, 1 if there
 * is one. Returns 0 and the entry, or 1 (run) or 2 (locked) and the lease.
 */
export const BEGIN: Script = {
  text: `local v,r=redis.call('GET',KEYS[1]),ARGV[5]
if v and not (ARGV[6]=='1' and string.sub(v,1,#r)==r) then return {0,v} end
local f=redis.call('GET',KEYS[2]) or ARGV[1]
redis.call('SET',KEYS[2],f,'PX',ARGV[2])
if ARGV[3]~='' and not redis.call('SET',KEYS[3],ARGV[3],'NX','PX',ARGV[4]) then return {2,f} end
return {1,f}`,
};

/**
 * Stores the entry if its lease is still there, and frees the lock. KEYS entry, lease, lock, and a second entry if
 * there is one. ARGV nonce, entry, ttl ms, lock token or '', second entry. Returns 1 if stored.
 */
export const FILL: Script = {
  text: `local ok=0
if redis.call('GET',KEYS[2])==ARGV[1] then
redis.call('SET',KEYS[1],ARGV[2],'PX',ARGV[3]) redis.call('UNLINK',KEYS[2]) ok=1
if KEYS[4] then redis.call('SET',KEYS[4],ARGV[5],'PX',ARGV[3]) end end
if ARGV[4]~='' and redis.call('GET',KEYS[3])==ARGV[4] then redis.call('UNLINK',KEYS[3]) end
return ok`,
};

/** Extends a lock. KEYS lock. ARGV token, ms. Returns 1 if the token holds it. */
export const RENEW: Script = {
  text: `if redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end
return redis.call('PEXPIRE',KEYS[1],ARGV[2])`,
};

/** Frees a lock. KEYS lock. ARGV token. Returns 1 if the token held it. */
export const RELEASE: Script = {
  text: `if redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end
return redis.call('UNLINK',KEYS[1])`,
};

/**
 * Replaces an entry that begins with the given bytes.
 * KEYS entry. ARGV its first bytes, the new entry, ttl ms. Returns 1 if replaced.
 */
export const REPLACE: Script = {
  text: `local n=#ARGV[1]
if n==0 and not redis.call('GET',KEYS[1]) or n>0 and redis.call('GETRANGE',KEYS[1],0,n-1)~=ARGV[1] then return 0 end
redis.call('SET',KEYS[1],ARGV[2],'PX',ARGV[3])
return 1`,
};

/**
 * Adds an invalidation to the log and moves the head of the registry, which is created if missing or older than mine.
 * KEYS registry, log. ARGV my inc or 0, my head, spare inc, record id, k or g, subject, most groups, 1 if redone.
 * Returns inc, previous position, position. The floor of a new registry is its first head even if no older registry is
 * known: one may have been evicted, and invalidations with it.
 */
export const APPEND: Script = {
  isAllowedWhenFull: true,
  text: `local z,l=KEYS[1],KEYS[2]
local t=redis.call('TIME') local now=t[1]*1000000+t[2]
local inc,head=redis.call('ZSCORE',z,'!inc'),tonumber(redis.call('ZSCORE',z,'!head') or 0)
local p,h=string.format('%.0f',head),string.format('%.0f',math.max(head+1,now,tonumber(ARGV[2])+1))
if not inc or tonumber(inc)<tonumber(ARGV[1]) then
redis.call('UNLINK',z) redis.call('UNLINK',l) inc=ARGV[3] redis.call('ZADD',z,inc,'!inc',h,'!floor') end
redis.call('ZADD',z,h,'!head')
if ARGV[5]=='g' then redis.call('ZADD',z,h,ARGV[6])
local own=redis.call('ZSCORE',z,'!floor') and 1 or 0
local over=math.min(redis.call('ZCARD',z)-2-own-tonumber(ARGV[7]),100)
if over>0 then local x=redis.call('ZPOPMIN',z,over+own) redis.call('ZADD',z,x[#x],'!floor') end end
local r={'i',inc,'p',p,'n',ARGV[4],'t',ARGV[5],'k',ARGV[6]}
if ARGV[8]=='1' then r[#r+1]='d' r[#r+1]='1' end
redis.call('XADD',l,'MAXLEN','~',16384,h..'-0',unpack(r))
return {inc,p,h}`,
};

/**
 * Reads registry and log, creates the registry if it is missing or older than mine, and raises its head to mine.
 * KEYS registry, log. ARGV my inc or 0, my head, spare inc, record id.
 * Returns inc, head (before it was raised), floor, the server's clock in µs, groups with positions (newest first), and
 * recent records.
 */
export const SYNC: Script = {
  isAllowedWhenFull: true,
  text: `local z,l=KEYS[1],KEYS[2]
local t=redis.call('TIME') local now,mine=t[1]*1000000+t[2],tonumber(ARGV[2])
local inc=redis.call('ZSCORE',z,'!inc')
if not inc or tonumber(inc)<tonumber(ARGV[1]) then
local old=tonumber(redis.call('ZSCORE',z,'!head') or 0)
redis.call('UNLINK',z) redis.call('UNLINK',l) inc=ARGV[3]
local h=string.format('%.0f',math.max(now,mine,old)+1)
redis.call('ZADD',z,inc,'!inc',h,'!head',h,'!floor') end
local head,same=redis.call('ZSCORE',z,'!head'),tonumber(inc)==tonumber(ARGV[1])
local from=string.format('%.0f',math.max(0,(same and mine or now)-60000000))
local tail=redis.call('XRANGE',l,from,'+')
local groups=redis.call('ZREVRANGEBYSCORE',z,'8000000000000000',same and '('..ARGV[2] or '-inf','WITHSCORES','LIMIT',0,10000)
local floor=redis.call('ZSCORE',z,'!floor') or '0'
if same and mine>tonumber(head) then
redis.call('ZADD',z,ARGV[2],'!head')
redis.call('XADD',l,ARGV[2]..'-0','i',inc,'p',string.format('%.0f',tonumber(head)),'n',ARGV[4],'t','r') end
return {inc,head,floor,string.format('%.0f',now),groups,tail}`,
};
