/**
 * The whole store, as one script: a call of it is atomic. Times are microseconds of the server's clock.
 *
 * Keys: the tickets (who waits, by order), what each ticket stands for, the penalties, what is known of the store itself, then two for
 * each meter: its log and its sums.
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
local tickets, places, penalties, store = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local lasting = 60000

local function text(number) return string.format('%.0f', number) end
local function sums(at) return KEYS[4 + 2 * at] end
local function log(at) return KEYS[3 + 2 * at] end
-- A store that is younger than somebody knew it has lost its memory: what was used before counts as everything.
local since = redis.call('HGET', store, 'since')
if not since then
  since = text(now)
  redis.call('HSET', store, 'since', since)
  if body.since and body.since ~= '' then redis.call('HSET', store, 'lost', since) end
elseif body.since and body.since ~= '' and body.since ~= since then
  redis.call('HSET', store, 'lost', since)
end
local lost = tonumber(redis.call('HGET', store, 'lost') or '0')

local function stored(at, field) return tonumber(redis.call('HGET', sums(at), field) or '') end

local function keep(at, meter)
  local ms = text(math.ceil((meter.window + meter.allowance + meter.lease) / 1000) + lasting)
  redis.call('PEXPIRE', log(at), ms)
  redis.call('PEXPIRE', sums(at), ms)
end

local function drop(at, member)
  local weight = tonumber(redis.call('HGET', sums(at), member) or '0')
  redis.call('HDEL', sums(at), member)
  redis.call('ZREM', log(at), member)
  redis.call('HINCRBY', sums(at), 'used', text(-weight))
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

function sliding.take(at, meter, weight)
  local last = redis.call('ZREVRANGE', log(at), 0, 0)[1]
  if not last or now - tonumber(last) > meter.slot then last = text(now) end
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
  if over <= 0 then return math.max(now, unknown) end
  return math.max(now, unknown) + math.ceil(over / rate(meter))
end

function bucket.set(at, level)
  redis.call('HSET', sums(at), 'level', string.format('%.17g', level), 'at', text(now))
end

function bucket.take(at, meter, weight)
  bucket.set(at, bucket.used(at, meter) + weight)
  return text(now)
end

function bucket.giveBack(at, meter, weight, entry)
  local left = math.max(0, weight - (now - tonumber(entry)) * rate(meter))
  bucket.set(at, math.max(0, bucket.used(at, meter) - left))
end

function holders.used(at, meter)
  local gone = redis.call('ZRANGEBYSCORE', log(at), '-inf', text(now))
  for i = 1, #gone do drop(at, gone[i]) end
  return stored(at, 'used') or 0
end

-- Nobody knows when a holder will be done: it is looked at again after a while.
function holders.readyAt(at, meter, weight)
  if holders.used(at, meter) + weight <= meter.capacity then return now end
  return now + meter.again
end

function holders.take(at, meter, weight)
  redis.call('ZADD', log(at), text(now + meter.lease), body.ticket)
  redis.call('HSET', sums(at), body.ticket, weight)
  redis.call('HINCRBY', sums(at), 'used', weight)
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

-- Weight of those who came earlier, by limit; and since when the first of them who stands in the way could have gone.
local function lookAhead(mine)
  local ahead, turn, longest = {}, nil, {}
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
            turn = math.min(turn or place.turn, place.turn)
          end
        end
      end
    end
  end
  return ahead, turn
end

local function penaltyOf()
  local till, why, whose = 0, '', ''
  for _, scope in ipairs(body.scopes) do
    local penalty = redis.call('HGET', penalties, scope)
    if penalty then
      local split = string.find(penalty, '|', 1, true)
      local own = tonumber(string.sub(penalty, 1, split - 1))
      if own <= now then redis.call('HDEL', penalties, scope)
      elseif own > till then till, why, whose = own, string.sub(penalty, split + 1), scope end
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
  return ready
end

local function usedNow()
  local used = {}
  for at, meter in ipairs(body.meters) do used[at] = text(policyOf(meter).used(at, meter)) end
  return used
end

local function acquire()
  local mine = tonumber(redis.call('ZSCORE', tickets, body.ticket) or '') or (now + body.patience)
  local ahead, turn = lookAhead(mine)
  local till, why, whose = penaltyOf()
  local ready = math.max(readyAt(ahead), till)
  if ready <= now and not turn then
    forget(body.ticket)
    local entries = {}
    for at, meter in ipairs(body.meters) do
      entries[at] = ''
      if meter.limit then
        entries[at] = policyOf(meter).take(at, meter, body.weights[meter.limit])
        keep(at, meter)
      end
    end
    return { 'granted', since, entries, usedNow() }
  end
  -- Somebody ahead whose turn it is will come any moment, or has gone for ever: the longer he is overdue, the less often to look.
  if turn and ready <= now then ready = now + math.max(2000, math.min(100000, now - turn)) end
  local place = { weights = body.weights, lane = body.lane, turn = ready, till = ready + body.grace }
  redis.call('ZADD', tickets, text(mine), body.ticket)
  redis.call('HSET', places, body.ticket, cjson.encode(place))
  local ms = text(math.ceil((ready - now + body.grace) / 1000) + lasting)
  redis.call('PEXPIRE', tickets, ms)
  redis.call('PEXPIRE', places, ms)
  return { 'later', since, text(ready - now), usedNow(), text(math.max(0, till - now)), whose, why }
end

local function giveBack()
  for at, meter in ipairs(body.meters) do
    if body.entries[at] ~= '' then
      policyOf(meter).giveBack(at, meter, body.weights[meter.limit], body.entries[at])
    end
  end
  return { 'ok' }
end

local function renew()
  for at, meter in ipairs(body.meters) do
    for _, entry in ipairs(body.entries[at]) do
      redis.call('ZADD', log(at), 'XX', text(now + meter.lease), entry)
    end
    keep(at, meter)
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
        for _, slot in ipairs(later) do known = known - tonumber(redis.call('HGET', sums(at), slot) or '0') end
      end
    end
    if at == 1 or not body.ago then most = math.ceil(body.amounts[at] - known) end
    if most > 0 and policy ~= holders then
      policy.take(at, meter, most)
      keep(at, meter)
    end
  end
  return { 'ok', text(math.max(0, most)) }
end

local function penalise()
  local before = redis.call('HGET', penalties, body.scope)
  local till = now + body.lasts
  if body.lasts <= 0 then
    redis.call('HDEL', penalties, body.scope)
  elseif not before or tonumber(string.sub(before, 1, string.find(before, '|', 1, true) - 1)) < till then
    redis.call('HSET', penalties, body.scope, text(till) .. '|' .. body.reason)
    local longest = math.max(redis.call('PTTL', penalties), math.ceil(body.lasts / 1000) + lasting)
    redis.call('PEXPIRE', penalties, text(longest))
  end
  return { 'ok' }
end

if action == 'acquire' then return acquire() end
if action == 'leave' then forget(body.ticket) return { 'ok' } end
if action == 'give-back' then return giveBack() end
if action == 'renew' then return renew() end
if action == 'assume' then return assume() end
if action == 'penalise' then return penalise() end
return { 'joined', since, text(redis.call('HINCRBY', store, 'clients', 1)) }
`;
