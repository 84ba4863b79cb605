-- LuaSec: a handshake, then a question for etcd's health.
local socket, ssl = require("socket"), require("ssl")
local told = os.getenv

local function fail(...)
  print(...)
  os.exit(1)
end

local line = socket.tcp()
line:settimeout(5)
local ok, reason = line:connect(told("HOST"), tonumber(told("PORT")))
if not ok then fail(reason) end
if told("SCHEME") == "https" then
  local limit = told("TLS_MAX") ~= "" and "tlsv1_2" or "any"
  local files = { mode = "client", protocol = limit, cafile = told("CA"), verify = "peer", options = "all" }
  if told("CERT") ~= "" then
    files.certificate, files.key = told("CERT"), told("KEY")
  end
  local wrapped
  wrapped, reason = ssl.wrap(line, files)
  if not wrapped then fail(reason) end
  line = wrapped
  ok, reason = line:dohandshake()
  if not ok then fail(reason) end
end
line:send("GET /health HTTP/1.1\r\nHost: etcd\r\n\r\n")
local answer
answer, reason = line:receive("*l")
if not answer then fail(reason) end
print(answer)
os.exit(answer:find("200") ~= nil)
