-- What wrk sends: one POST of a form or JSON body per request, and a summary as one line of JSON.
--
-- LANYARD_HEADERS  file with one "Name: value" per line
-- LANYARD_BODIES   file with the one body that all requests send, or, with LANYARD_UNIQUE=yes, the
--                  prefix of one file per thread (prefix.0, prefix.1, ...) that holds a body per line,
--                  each sent once; a thread whose file ends stops and says so
local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

local function headers()
  for line in io.lines(os.getenv("LANYARD_HEADERS")) do
    local name, value = line:match("^([^:]+): (.*)$")
    wrk.headers[name] = value
  end
end

wrk.method = "POST"
headers()

local unique = os.getenv("LANYARD_UNIQUE") == "yes"
if not unique then
  local file = assert(io.open(os.getenv("LANYARD_BODIES")))
  wrk.body = file:read("*l")
  file:close()
else
  function init()
    bodies = assert(io.open(os.getenv("LANYARD_BODIES") .. "." .. number))
    -- The part of a request that never changes is put together once.
    local lines = { "POST " .. wrk.path .. " HTTP/1.1", "Host: " .. wrk.host .. ":" .. wrk.port }
    for name, value in pairs(wrk.headers) do
      if name ~= "Host" then lines[#lines + 1] = name .. ": " .. value end
    end
    head = table.concat(lines, "\r\n") .. "\r\nContent-Length: "
    exhausted = "no"
  end

  function request()
    local body = bodies:read("*l")
    if body == nil then
      exhausted = "yes"
      wrk.thread:stop()
      return last
    end
    last = head .. #body .. "\r\n\r\n" .. body
    return last
  end
end

function done(summary, latency)
  local dry = false
  for _, thread in ipairs(threads) do dry = dry or thread:get("exhausted") == "yes" end
  local e = summary.errors
  io.write(string.format(
    '\nLANYARD {"requests":%d,"micros":%d,"p50":%.3f,"p99":%.3f,"refused":%d,"broken":%d,"exhausted":%s}\n',
    summary.requests, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    e.status, e.connect + e.read + e.write + e.timeout, dry and "true" or "false"))
end
