#!/bin/bash
# Records what healthy etcds log: three members start, elect, compact, defragment and
# save a snapshot, the leader moves, probes open the port and hang up, a fourth member
# comes and goes, one starts again, and all stop. Called in a folder with ca.crt,
# server.crt, server.key, client.crt and client.key: record.sh ETCD-FOLDER PORT
# writes NAME.log for each member. What stands here keeps each kind of line once.
set -u
etcd=$1/etcd etcdctl="$1/etcdctl" port=$2
export ETCDCTL_API=3
all="n1=https://127.0.0.1:$((port + 1)),n2=https://127.0.0.1:$((port + 3)),n3=https://127.0.0.1:$((port + 5))"
declare -A process
start() { # name, port, cluster, state
  "$etcd" --name "$1" --data-dir "data-$1" \
    --cert-file=server.crt --key-file=server.key --client-cert-auth --trusted-ca-file=ca.crt \
    --peer-cert-file=server.crt --peer-key-file=server.key --peer-client-cert-auth --peer-trusted-ca-file=ca.crt \
    --listen-client-urls="https://127.0.0.1:$2" --advertise-client-urls="https://127.0.0.1:$2" \
    --listen-peer-urls="https://127.0.0.1:$(($2 + 1))" --initial-advertise-peer-urls="https://127.0.0.1:$(($2 + 1))" \
    --initial-cluster="$3" --initial-cluster-state="$4" --snapshot-count=50 \
    --auto-compaction-mode=revision --auto-compaction-retention=10 >>"$1.log" 2>&1 &
  process[$1]=$!
}
ask() { "$etcdctl" --endpoints="https://127.0.0.1:$port" --cacert=ca.crt --cert=client.crt --key=client.key "$@"; }
start n1 "$port" "$all" new
start n2 $((port + 2)) "$all" new
start n3 $((port + 4)) "$all" new
sleep 4
for number in $(seq 120); do ask put "key$((number % 7))" "$number"; done
ask compact 100
ask defrag
ask snapshot save snapshot.db
for probe in 1 2 3; do timeout 1 bash -c "exec 3<>/dev/tcp/127.0.0.1/$port"; done
ask member add n4 --peer-urls="https://127.0.0.1:$((port + 7))"
start n4 $((port + 6)) "$all,n4=https://127.0.0.1:$((port + 7))" existing
sleep 4
ask member remove "$(ask member list | grep ', n4,' | cut -d, -f1)"
sleep 2
kill "${process[n3]}"
sleep 2
start n3 $((port + 4)) "$all" existing
sleep 3
kill "${process[n2]}"
sleep 1
kill "${process[n1]}" "${process[n3]}"
wait
