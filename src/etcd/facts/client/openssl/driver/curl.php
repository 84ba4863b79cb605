<?php
// One question for etcd's gateway with ext/curl.
$client = curl_init(getenv('ENDPOINT') . '/v3/kv/range');
curl_setopt_array($client, [
    CURLOPT_POSTFIELDS => '{"key":"Zm9v"}',
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 5,
    CURLOPT_CAINFO => getenv('CA'),
]);
if (getenv('CERT')) {
    curl_setopt_array($client, [CURLOPT_SSLCERT => getenv('CERT'), CURLOPT_SSLKEY => getenv('KEY')]);
}
if (getenv('TLS_MAX')) {
    curl_setopt($client, CURLOPT_SSLVERSION, CURL_SSLVERSION_MAX_TLSv1_2);
}
$answer = curl_exec($client);
if ($answer === false) {
    echo curl_errno($client) . ': ' . curl_error($client) . "\n";
    exit(1);
}
$status = curl_getinfo($client, CURLINFO_HTTP_CODE);
echo "$status $answer\n";
exit($status === 200 ? 0 : 1);
