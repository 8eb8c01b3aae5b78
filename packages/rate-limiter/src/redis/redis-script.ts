/**
 * The whole store, as one script: a call of it is atomic. Times are microseconds of the server's clock.
 *
 * Keys: the tickets (who waits, by order), what each ticket stands for, the penalties, what is known of the store itself, what was given
 * back of late, then two for each meter: its log and its sums.
 * Arguments: what to do, and a JSON object.
 *
 * A sliding window is a log of slots (a sorted set, by when the last request of a slot came) and the weight of each slot. A token
 * bucket is a level and its time. A count of what goes on at one time is a set of holders, by the end of their leases.
 */
export const redisScript = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local action = ARGV[1]
local body = cjson.decode(ARGV[2])
local tickets, places, penalties, store, given = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local lasting, month = 60000, 2592000000

local function text(number) return string.format('%.0f', number) end
local function sums(at) return KEYS[5 + 2 * at] end
local function log(at) return KEYS[4 + 2 * at] end
-- What is known of the store: when its memory begins, how often it was written to, and when it lost what it had known before.
local facts = redis.call('HMGET', store, 'since', 'count', 'lost')
local since, count, lost = facts[1], tonumber(facts[2] or '0'), tonumber(facts[3] or '0')
local hisSince, hisCount = string.match(body.mark or '', '^(%d+):(%d+)$')
local function keepStore(longest) redis.call('PEXPIRE', store, text(math.max(month, longest))) end
local function begin(mark)
  since = text(now)
  redis.call('HSET', store, 'since', since)
  keepStore(0)
  if mark then lost = now redis.call('HSET', store, 'lost', since) end
end
-- A store that is younger than somebody knew it, or was written to less often, has lost its memory: what was used before counts as
-- everything.
if not since then
  begin(hisSince)
elseif hisSince and (tonumber(hisSince) > tonumber(since) or (hisSince == since and tonumber(hisCount) > count)) then
  begin(hisSince)
elseif hisSince and hisSince ~= since then
  lost = math.max(lost, tonumber(since))
  redis.call('HSET', store, 'lost', text(lost))
end
local function mark() return since .. ':' .. text(count) end
local function written() count = redis.call('HINCRBY', store, 'count', 1) end

local function stored(at, field) return tonumber(redis.call('HGET', sums(at), field) or '') end

local function keep(at, meter)
  local ms = math.ceil((meter.window + meter.allowance + meter.lease) / 1000) + lasting
  -- Both at the same moment: a sum without its log would count for ever.
  local till = text(math.floor(now / 1000) + ms)
  redis.call('PEXPIREAT', log(at), till)
  redis.call('PEXPIREAT', sums(at), till)
  return ms
end

local function drop(at, member)
  local weight = tonumber(redis.call('HGET', sums(at), member) or '0')
  redis.call('HDEL', sums(at), member)
  redis.call('ZREM', log(at), member)
  if weight ~= 0 then redis.call('HINCRBY', sums(at), 'used', text(-weight)) end
end

local sliding, bucket, holders = {}, {}, {}
local policies = { ['sliding-window'] = sliding, ['token-bucket'] = bucket, ['concurrent'] = holders }

-- Slots whose window is over leave; the time of the last one is kept, for a reader with a longer window.
function sliding.used(at, meter)
  local over = text(now - meter.window - meter.allowance)
  local gone = redis.call('ZRANGEBYSCORE', log(at), '-inf', over, 'WITHSCORES')
  for i = 1, #gone, 2 do drop(at, gone[i]) end
  if #gone > 0 then redis.call('HSET', sums(at), 'forgotten', gone[#gone]) end
  return stored(at, 'used') or 0
end

function sliding.readyAt(at, meter, weight)
  local over = sliding.used(at, meter) + weight - meter.capacity
  local length = meter.window + meter.allowance
  local unknown = math.max(lost, stored(at, 'forgotten') or 0) + length
  if over <= 0 then return math.max(now, unknown) end
  local slots = redis.call('ZRANGE', log(at), 0, over - 1, 'WITHSCORES')
  for i = 1, #slots, 2 do
    over = over - tonumber(redis.call('HGET', sums(at), slots[i]) or '0')
    if over <= 0 then return math.max(now, unknown, tonumber(slots[i + 1]) + length) end
  end
  return now + length
end

-- What others used has slots of its own, with names that are no times.
function sliding.take(at, meter, weight, byOthers)
  local last = redis.call('ZREVRANGE', log(at), 0, 0)[1]
  if byOthers then last = 'others:' .. text(now)
  elseif not last or not tonumber(last) or now - tonumber(last) > meter.slot then last = text(now) end
  redis.call('ZADD', log(at), text(now), last)
  redis.call('HINCRBY', sums(at), last, weight)
  redis.call('HINCRBY', sums(at), 'used', weight)
  return last
end

function sliding.giveBack(at, meter, weight, entry)
  if not redis.call('ZSCORE', log(at), entry) then return end
  redis.call('HINCRBY', sums(at), 'used', -weight)
  if redis.call('HINCRBY', sums(at), entry, -weight) <= 0 then
    redis.call('HDEL', sums(at), entry)
    redis.call('ZREM', log(at), entry)
  end
end

function sliding.period(meter) return meter.window + meter.allowance end

local function rate(meter) return meter.refill / meter.window end

function bucket.period(meter) return math.ceil(meter.capacity / rate(meter)) end

function bucket.used(at, meter)
  local level = stored(at, 'level') or 0
  return math.max(0, level - (now - (stored(at, 'at') or now)) * rate(meter))
end

function bucket.readyAt(at, meter, weight)
  local unknown = lost + bucket.period(meter)
  local over = bucket.used(at, meter) + weight - meter.capacity
  return math.max(now + math.max(0, math.ceil(over / rate(meter))), unknown)
end

function bucket.set(at, level)
  redis.call('HSET', sums(at), 'level', string.format('%.17g', level), 'at', text(now))
end

function bucket.take(at, meter, weight)
  bucket.set(at, bucket.used(at, meter) + weight)
  return text(now)
end

function bucket.giveBack(at, meter, weight, entry)
  if not stored(at, 'level') then return end
  local left = math.max(0, weight - (now - tonumber(entry)) * rate(meter))
  bucket.set(at, math.max(0, bucket.used(at, meter) - left))
end

function holders.used(at, meter)
  local gone = redis.call('ZRANGEBYSCORE', log(at), '-inf', text(now))
  for i = 1, #gone do drop(at, gone[i]) end
  return stored(at, 'used') or 0
end

-- Nobody knows when a holder will be done: it is looked at again after a while. Whom the store forgot says so within a lease.
function holders.readyAt(at, meter, weight)
  if lost + meter.lease > now then return lost + meter.lease end
  if holders.used(at, meter) + weight <= meter.capacity then return now end
  return now + meter.again
end

-- Counts a holder once, however often it says that it is one.
function holders.hold(at, meter, weight, ticket)
  if not redis.call('ZSCORE', log(at), ticket) then
    redis.call('HSET', sums(at), ticket, weight)
    redis.call('HINCRBY', sums(at), 'used', weight)
  end
  redis.call('ZADD', log(at), text(now + meter.lease), ticket)
end

function holders.take(at, meter, weight)
  holders.hold(at, meter, weight, body.ticket)
  return body.ticket
end

function holders.giveBack(at, meter, weight, entry)
  if redis.call('ZSCORE', log(at), entry) then drop(at, entry) end
end

function holders.period(meter) return math.huge end

local function policyOf(meter) return policies[meter.policy] end

local function forget(ticket)
  redis.call('ZREM', tickets, ticket)
  redis.call('HDEL', places, ticket)
end

-- What is reserved for a lane is not waited for by those above it, and takes nothing from those below.
local function isCovered(limit, lane)
  local reserves = body.reserves[limit]
  if not reserves or lane <= body.lane then return false end
  for _, reserve in ipairs(reserves) do
    local all = policyOf(body.meters[reserve.all]).used(reserve.all, body.meters[reserve.all])
    local below = policyOf(body.meters[reserve.below]).used(reserve.below, body.meters[reserve.below])
    if all - below + body.weights[limit] > reserve.amount then return false end
  end
  return true
end

-- Weight that is kept for those who came earlier, by limit.
local function lookAhead(mine)
  local ahead, longest = {}, {}
  for limit in pairs(body.weights) do longest[limit] = 0 end
  for _, meter in ipairs(body.meters) do
    if meter.limit then longest[meter.limit] = math.max(longest[meter.limit], policyOf(meter).period(meter)) end
  end
  for _, ticket in ipairs(redis.call('ZRANGEBYSCORE', tickets, '-inf', text(mine))) do
    if ticket == body.ticket then break end
    local place = cjson.decode(redis.call('HGET', places, ticket) or '{}')
    if not place.till or place.till < now then
      forget(ticket)
    else
      for limit, weight in pairs(place.weights) do
        if body.weights[limit] and not isCovered(limit, place.lane) then
          -- All that is taken now comes back before a far turn: to keep the limit free for it would help nobody.
          if place.turn - now < longest[limit] then
            ahead[limit] = (ahead[limit] or 0) + weight
          end
        end
      end
    end
  end
  return ahead
end

local function penaltyOf()
  local till, why, whose = 0, '', ''
  for _, scope in ipairs(body.scopes) do
    local penalty = redis.call('HGET', penalties, scope)
    if penalty then
      local split = string.find(penalty, '|', 1, true)
      local own = tonumber(string.sub(penalty, 1, split - 1))
      if own > now and own > till then till, why, whose = own, string.sub(penalty, split + 1), scope end
    end
  end
  return till, why, whose
end

local function readyAt(ahead)
  local ready = now
  for at, meter in ipairs(body.meters) do
    if meter.limit then
      local own = body.weights[meter.limit]
      local total = own + (ahead[meter.limit] or 0)
      local rounds = math.max(0, math.ceil(total / meter.capacity) - 1)
      local rest = math.max(own, total - rounds * meter.capacity)
      local policy = policyOf(meter)
      local fits = policy.readyAt(at, meter, rest)
      if rounds > 0 and policy ~= holders then fits = fits + rounds * policy.period(meter) end
      ready = math.max(ready, fits)
    end
  end
  return math.min(ready, now + 1e15)
end

local function usedNow()
  local used = {}
  for at, meter in ipairs(body.meters) do used[at] = text(policyOf(meter).used(at, meter)) end
  return used
end

local function acquire()
  local mine = tonumber(redis.call('ZSCORE', tickets, body.ticket) or '') or (now + body.patience)
  local ahead = lookAhead(mine)
  local till, why, whose = penaltyOf()
  local ready = math.max(readyAt(ahead), till)
  -- There is room beside what is kept for those who came earlier.
  if ready <= now then
    forget(body.ticket)
    written()
    local entries, longest = {}, 0
    for at, meter in ipairs(body.meters) do
      entries[at] = ''
      if meter.limit then
        entries[at] = policyOf(meter).take(at, meter, body.weights[meter.limit])
        longest = math.max(longest, keep(at, meter))
      end
    end
    keepStore(longest)
    return { 'granted', mark(), entries, usedNow() }
  end
  local place = { weights = body.weights, lane = body.lane, turn = ready, till = ready + body.grace }
  redis.call('ZADD', tickets, text(mine), body.ticket)
  redis.call('HSET', places, body.ticket, cjson.encode(place))
  local ms = text(math.ceil((ready - now + body.grace) / 1000) + lasting)
  redis.call('PEXPIRE', tickets, ms)
  redis.call('PEXPIRE', places, ms)
  return { 'later', mark(), text(ready - now), usedNow(), text(math.max(0, till - now)), whose, why }
end

-- A command that is sent again, and a move whose answer was lost, give back nothing more: others may be in the same slot by now.
-- That is remembered for as long as what was taken may count; a holder that is gone is gone.
local function isNews()
  local longest, what = 0, body.ticket .. '/' .. body.moves
  for at, meter in ipairs(body.meters) do
    local policy = policyOf(meter)
    if body.entries[at] ~= '' and policy ~= holders then longest = math.max(longest, policy.period(meter) + meter.slot) end
  end
  if longest == 0 then return false end
  for _, over in ipairs(redis.call('ZRANGEBYSCORE', given, '-inf', text(now))) do redis.call('ZREM', given, over) end
  if redis.call('ZSCORE', given, what) then return false end
  redis.call('ZADD', given, text(now + longest), what)
  redis.call('PEXPIRE', given, text(math.max(redis.call('PTTL', given), math.ceil(longest / 1000) + lasting)))
  return true
end

local function giveBack()
  local news = isNews()
  for at, meter in ipairs(body.meters) do
    local entry, policy = body.entries[at], policyOf(meter)
    if entry ~= '' and (news or policy == holders) then policy.giveBack(at, meter, body.weights[meter.limit], entry) end
  end
  return { 'ok' }
end

-- Requests that left later than their grant: their windows begin now.
local function move()
  local entries, news = {}, isNews()
  for at, meter in ipairs(body.meters) do
    local entry, policy = body.entries[at], policyOf(meter)
    if entry ~= '' and policy ~= holders then
      if news then policy.giveBack(at, meter, body.weights[meter.limit], entry) end
      entry = policy.take(at, meter, body.weights[meter.limit])
      keep(at, meter)
    end
    entries[at] = entry
  end
  written()
  return { 'moved', mark(), entries }
end

-- Whoever works on holds on, whatever the store forgot meanwhile.
local function renew()
  for at, meter in ipairs(body.meters) do
    for _, held in ipairs(body.held[at]) do holders.hold(at, meter, held[2], held[1]) end
    if #body.held[at] > 0 then keep(at, meter) end
  end
  return { 'ok' }
end

-- What others used, or what was let through while the store was away.
local function assume()
  local most = 0
  for at, meter in ipairs(body.meters) do
    local policy = policyOf(meter)
    local known = 0
    if body.ago then
      known = policy.used(at, meter)
      if policy == sliding then
        local later = redis.call('ZRANGEBYSCORE', log(at), '(' .. text(now - body.ago), '+inf')
        for _, slot in ipairs(later) do
          -- A slot that was begun before may hold the very request that was answered.
          if (tonumber(slot) or 0) > now - body.ago then
            known = known - tonumber(redis.call('HGET', sums(at), slot) or '0')
          end
        end
      end
    end
    if at == 1 or not body.ago then most = math.ceil(body.amounts[at] - known) end
    if most > 0 and policy ~= holders then
      policy.take(at, meter, most, true)
      keep(at, meter)
    end
  end
  written()
  return { 'ok', text(math.max(0, most)), usedNow() }
end

local function penalise()
  local before = redis.call('HGET', penalties, body.scope)
  local till = now + math.max(0, body.lasts)
  -- A pardon is written down as a penalty that is over, for those who know of the longer one.
  if body.lasts <= 0 or not before or tonumber(string.sub(before, 1, string.find(before, '|', 1, true) - 1)) < till then
    redis.call('HSET', penalties, body.scope, text(till) .. '|' .. body.reason)
    local longest = math.max(redis.call('PTTL', penalties), math.ceil((till - now) / 1000) + lasting)
    redis.call('PEXPIRE', penalties, text(longest))
  end
  return { 'ok' }
end

-- How much longer penalties last; nothing for those that the store does not know of.
local function look()
  local left = {}
  for at, scope in ipairs(body.scopes) do
    local till = string.match(redis.call('HGET', penalties, scope) or '', '^%d+')
    left[at] = till and text(math.max(0, till - now)) or ''
  end
  return { 'looked', mark(), left }
end

-- A name that nobody else has, whatever the store forgot.
local function join()
  local number = redis.call('HINCRBY', store, 'clients', 1)
  keepStore(0)
  return { 'joined', mark(), text(now) .. '-' .. text(number) }
end

if action == 'acquire' then return acquire() end
if action == 'join' then return join() end
if action == 'move' then return move() end
if action == 'look' then return look() end
if action == 'leave' then forget(body.ticket) return { 'ok' } end
if action == 'give-back' then return giveBack() end
if action == 'renew' then return renew() end
if action == 'assume' then return assume() end
return penalise()
`;
