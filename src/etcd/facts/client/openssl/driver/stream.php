<?php
// One question for etcd's gateway with file_get_contents.
$told = [
    'http' => ['method' => 'POST', 'content' => '{"key":"Zm9v"}', 'timeout' => 5],
    'ssl' => ['cafile' => getenv('CA')],
];
if (getenv('CERT')) {
    $told['ssl'] += ['local_cert' => getenv('CERT'), 'local_pk' => getenv('KEY')];
}
if (getenv('TLS_MAX')) {
    $told['ssl']['crypto_method'] = STREAM_CRYPTO_METHOD_TLSv1_2_CLIENT;
}
$answer = file_get_contents(getenv('ENDPOINT') . '/v3/kv/range', false, stream_context_create($told));
if ($answer === false) {
    exit(1);
}
echo "served: $answer\n";
