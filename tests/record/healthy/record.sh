#!/bin/bash
# Records what healthy etcds log, one file a member: three members that elect, compact,
# defragment, save a snapshot, hand the lead on, take in a fourth, let it go and start
# again; one with users and roles whom probes and the gateway call; two of which one
# learns first; and five that are stopped together. Called in an empty folder:
# record.sh ETCD-FOLDER RELEASE PORT, with openssl at hand, it makes certificates and
# writes RELEASE-NAME.log. Each kind of line stands once, in the order of the first.
set -u
etcd=$1/etcd etcdctl="$1/etcdctl" release=$2 port=$3
export ETCDCTL_API=3
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.crt -subj /CN=ca -days 30 2>/dev/null
issue() { # name, subject
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "$2" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -out "$1.crt" 2>/dev/null \
    -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth')
}
issue server /CN=etcd
issue client /CN=root
# A server's certificate without a name, which the gateway may show where roles are on.
issue nameless /O=etcd
declare -A process
start() { # name, port, cluster, state, certificate
  "$etcd" --name "$1" --data-dir "data-$1" \
    --cert-file="${5:-server}.crt" --key-file="${5:-server}.key" --client-cert-auth --trusted-ca-file=ca.crt \
    --peer-cert-file=server.crt --peer-key-file=server.key --peer-client-cert-auth --peer-trusted-ca-file=ca.crt \
    --listen-client-urls="https://127.0.0.1:$2" --advertise-client-urls="https://127.0.0.1:$2" \
    --listen-peer-urls="https://127.0.0.1:$(($2 + 1))" --initial-advertise-peer-urls="https://127.0.0.1:$(($2 + 1))" \
    --initial-cluster="$3" --initial-cluster-state="$4" --snapshot-count=50 \
    --auto-compaction-mode=revision --auto-compaction-retention=10 >>"$1.all" 2>&1 &
  process[$1]=$!
}
stop() { for name in "$@"; do kill "${process[$name]}"; done; for name in "$@"; do wait "${process[$name]}"; done; }
at() { local where=$1; shift; "$etcdctl" --endpoints="https://127.0.0.1:$where" --cacert=ca.crt --cert=client.crt --key=client.key "$@"; }
peers() { # first port, names
  local at=$1 all=; shift
  for name in "$@"; do all+=",$name=https://127.0.0.1:$((at + 1))"; at=$((at + 2)); done
  echo "${all#,}"
}
all=$(peers "$port" n1 n2 n3)
start n1 "$port" "$all" new
start n2 $((port + 2)) "$all" new
start n3 $((port + 4)) "$all" new
sleep 5
for number in $(seq 120); do at "$port" put "key$((number % 7))" "$number"; done
at "$port" compact 100
at "$port" defrag
at "$port" snapshot save snapshot.db
for where in "$port" $((port + 2)) $((port + 4)); do # the leader alone takes this
  at "$where" move-leader "$(at "$port" member list | grep -v ":$where," | head -1 | cut -d, -f1)"
done
at "$port" member add n4 --peer-urls="https://127.0.0.1:$((port + 7))"
start n4 $((port + 6)) "$(peers "$port" n1 n2 n3 n4)" existing
sleep 4
at "$port" member remove "$(at "$port" member list | grep ', n4,' | cut -d, -f1)"
sleep 2
stop n3
start n3 $((port + 4)) "$all" existing
sleep 4
stop n2 n1 n3

start roles $((port + 10)) "$(peers $((port + 10)) roles)" new nameless
sleep 3
at $((port + 10)) user add root --new-user-password=secret
at $((port + 10)) user grant-role root root
at $((port + 10)) auth enable
at $((port + 10)) put key value
for probe in 1 2 3; do timeout 1 bash -c "exec 3<>/dev/tcp/127.0.0.1/$((port + 10))"; done
timeout 1 openssl s_client -connect "127.0.0.1:$((port + 10))" -CAfile ca.crt -cert client.crt -key client.key </dev/null >/dev/null 2>&1
curl -s --cacert ca.crt --cert client.crt --key client.key "https://127.0.0.1:$((port + 10))/health" >/dev/null
stop roles
start roles $((port + 10)) "$(peers $((port + 10)) roles)" existing nameless
sleep 3
stop roles

start first $((port + 20)) "$(peers $((port + 20)) first)" new
sleep 3
at $((port + 20)) member add learner --learner --peer-urls="https://127.0.0.1:$((port + 23))"
start learner $((port + 22)) "$(peers $((port + 20)) first learner)" existing
sleep 5
at $((port + 20)) member promote "$(at $((port + 20)) member list | grep ', learner,' | cut -d, -f1)"
sleep 2
stop learner first

five=$(peers $((port + 30)) m1 m2 m3 m4 m5)
for number in 1 2 3 4 5; do start "m$number" $((port + 28 + 2 * number)) "$five" new; done
sleep 5
for number in $(seq 60); do at $((port + 30)) put "key$((number % 7))" "$number"; done
stop m1 m2 m3 m4 m5

for log in *.all; do
  awk '{ kind = $0
    if (match(kind, /"caller":"[^"]*","msg":"[^"]*"/)) kind = substr(kind, RSTART, RLENGTH)
    else { gsub(/[0-9a-f]+/, "", kind) }
    if (!seen[kind]++) print }' "$log" | sed "s#${etcd%/*/etcd}/#/opt/#g" >"$release-${log%.all}.log"
done
