# One question for etcd's gateway with net/http.
require 'net/http'
require 'openssl'

begin
  address = URI("#{ENV['ENDPOINT']}/v3/kv/range")
  client = Net::HTTP.new(address.host, address.port)
  client.open_timeout = client.read_timeout = 5
  if address.scheme == 'https'
    client.use_ssl = true
    client.ca_file = ENV['CA']
    unless ENV['CERT'].empty?
      client.cert = OpenSSL::X509::Certificate.new(File.read(ENV['CERT']))
      client.key = OpenSSL::PKey.read(File.read(ENV['KEY']))
    end
    client.max_version = OpenSSL::SSL::TLS1_2_VERSION unless ENV['TLS_MAX'].empty?
  end
  answer = client.post(address.path, '{"key":"Zm9v"}')
  puts "#{answer.code} #{answer.body}"
  exit answer.code == '200'
rescue SystemExit
  raise
rescue Exception => e
  puts "#{e.class}: #{e.message}"
  exit 1
end
