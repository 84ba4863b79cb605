# One question for etcd's gateway with HTTP::Tiny and IO::Socket::SSL.
use strict;
use warnings;
use HTTP::Tiny;

my %tls;
if ($ENV{SCHEME} eq 'https') {
    %tls = (SSL_ca_file => $ENV{CA});
    if ($ENV{CERT}) {
        $tls{SSL_cert_file} = $ENV{CERT};
        $tls{SSL_key_file}  = $ENV{KEY};
    }
    $tls{SSL_version} = 'TLSv1_2' if $ENV{TLS_MAX};
}
my $client = HTTP::Tiny->new(verify_SSL => 1, SSL_options => \%tls, timeout => 5);
my $answer = $client->post("$ENV{ENDPOINT}/v3/kv/range", {content => '{"key":"Zm9v"}'});
print "$answer->{status} $answer->{reason} $answer->{content}\n";
exit !$answer->{success};
