# One question for etcd, by its bytes, with Ruby's grpc.
require 'grpc'

begin
  read = ->(path) { path.empty? ? nil : File.read(path) }
  credentials =
    if ENV['SCHEME'] == 'https'
      GRPC::Core::ChannelCredentials.new(read[ENV['CA']], read[ENV['KEY']], read[ENV['CERT']])
    else
      :this_channel_is_insecure
    end
  stub = GRPC::ClientStub.new("#{ENV['HOST']}:#{ENV['PORT']}", credentials, timeout: 5)
  same = ->(it) { it }
  answer = stub.request_response('/etcdserverpb.KV/Range', "\x0a\x03foo", same, same)
  puts "served: #{answer.size}"
rescue Exception => e
  puts "#{e.class}: #{e.message}"
  exit 1
end
