#!/usr/bin/env bash
# A real Flink cluster of separate processes on this machine: no Docker, no download but Maven's.
#
#   ./atalaya cluster start [N]              a JobManager and N TaskManagers (default 1); waits until they serve
#   ./atalaya cluster taskmanager            one more TaskManager; prints its number
#   ./atalaya cluster kill-taskmanager [N]   kill -9, as a machine fails (default: the lowest number)
#   ./atalaya cluster status                 the processes, and what the JobManager says
#   ./atalaya cluster flink ARGS...          Flink's command line: run, list, savepoint, stop, cancel
#   ./atalaya cluster stop                   ends every process
#
# Environment
#   ATALAYA_CLUSTER_DIR    process ids, logs, checkpoints, temporary files (default out/cluster)
#   ATALAYA_REST_PORT      web page and REST (default 8081)
#   ATALAYA_RPC_PORT       JobManager to TaskManagers (default 6123)
#   ATALAYA_CLUSTER_OPTS   Flink settings that win over config.yaml: "key=value key=value"
#   JAVA_HOME              a Java 17 or later (default: java on the PATH)
set -euo pipefail

conf=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$conf")
dir=$(realpath -m "${ATALAYA_CLUSTER_DIR:-$root/out/cluster}")
rest_port=${ATALAYA_REST_PORT:-8081}
rpc_port=${ATALAYA_RPC_PORT:-6123}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# The smallest round numbers with which a TaskManager with two slots carries the whole job: 1 GiB
# in all, of which 512 MiB are heap. Flink wants every part named when it is not started by its own
# scripts.
memory=(
  -Dtaskmanager.cpu.cores=2
  -Dtaskmanager.memory.framework.heap.size=128m
  -Dtaskmanager.memory.task.heap.size=384m
  -Dtaskmanager.memory.framework.off-heap.size=128m
  -Dtaskmanager.memory.task.off-heap.size=0m
  -Dtaskmanager.memory.network.min=64m
  -Dtaskmanager.memory.network.max=64m
  -Dtaskmanager.memory.managed.size=64m
  -Dtaskmanager.memory.jvm-metaspace.size=192m
  -Dtaskmanager.memory.jvm-overhead.min=64m
  -Dtaskmanager.memory.jvm-overhead.max=64m
)
taskmanager_jvm=(-Xmx512m -Xms512m -XX:MaxDirectMemorySize=192m -XX:MaxMetaspaceSize=192m)
jobmanager_jvm=(-Xmx512m -XX:MaxMetaspaceSize=256m)

fail() {
  echo "atalaya cluster: $*" >&2
  exit 1
}

usage() {
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
}

class_path() {
  local file=$conf/target/flink.classpath
  if [[ ! -s $file || $conf/pom.xml -nt $file || $root/pom.xml -nt $file ]]; then
    "$root/mvnw" -q -f "$conf/pom.xml" process-resources >&2
  fi
  cat "$file"
}

# Flink's --add-opens, from the one place where they stand.
java_opens() {
  grep -oE -- '--add-(opens|exports)=[^ ]+' "$conf/config.yaml"
}

# launch NAME JVM-OPTIONS... -- MAIN-CLASS ARGS...
launch() {
  local name=$1
  shift
  local jvm=()
  while [[ $1 != -- ]]; do
    jvm+=("$1")
    shift
  done
  shift
  local opens tmp=$dir/tmp/$name
  mapfile -t opens < <(java_opens)
  mkdir -p "$tmp" "$dir/log"
  nohup "$java" "${jvm[@]}" "${opens[@]}" -Djava.io.tmpdir="$tmp" -Dlog.file="$dir/log/$name.log" \
    -Dlog4j.configurationFile="$dir/conf/log4j-console.properties" \
    -cp "$(class_path)" "$@" -D "io.tmp.dirs=$tmp" \
    > "$dir/log/$name.log" 2>&1 < /dev/null &
  echo $! > "$dir/$name.pid"
}

alive() {
  [[ -f $dir/$1.pid ]] && kill -0 "$(cat "$dir/$1.pid")" 2> /dev/null
}

names() {
  local file
  for file in "$dir"/*.pid; do
    [[ -e $file ]] && basename "$file" .pid
  done
}

taskmanagers() {
  names | grep '^taskmanager-' | sort -t- -k2n || true
}

rest() {
  curl -sf --max-time 30 "http://localhost:$(cat "$dir/rest.port")$1"
}

registered() {
  rest /overview | grep -oE '"taskmanagers":[0-9]+' | grep -oE '[0-9]+$' || echo 0
}

start_taskmanager() {
  local number=1
  while [[ -e $dir/taskmanager-$number.pid ]]; do
    number=$((number + 1))
  done
  launch "taskmanager-$number" "${taskmanager_jvm[@]}" -- \
    org.apache.flink.runtime.taskexecutor.TaskManagerRunner --configDir "$dir/conf" \
    "${memory[@]}" "-Dtaskmanager.resource-id=taskmanager-$number"
  echo "$number"
}

# await SECONDS COMMAND...: until the command succeeds, or a process has ended.
await() {
  local deadline=$((SECONDS + $1)) name
  shift
  until "$@"; do
    for name in $(names); do
      alive "$name" || fail "$name has ended; see $dir/log/$name.log"
    done
    ((SECONDS < deadline)) || fail "not up in time; see $dir/log"
    sleep 0.2
  done
}

enough_registered() {
  (($(registered) >= $1))
}

# set_in_config KEY VALUE: for the processes and the command line alike, as every one reads it.
set_in_config() {
  local file=$dir/conf/config.yaml
  { grep -vF "$1: " "$file"; echo "$1: $2"; } > "$file.new"
  mv "$file.new" "$file"
}

start() {
  local count=${1:-1} i
  [[ $count =~ ^[1-9][0-9]*$ ]] || fail "how many TaskManagers? got $count"
  alive jobmanager && fail "already running in $dir; stop it first"
  (exec 3<> "/dev/tcp/localhost/$rest_port") 2> /dev/null &&
    fail "port $rest_port is taken; choose another with ATALAYA_REST_PORT"
  rm -rf "$dir/conf" "$dir/tmp" "$dir"/*.pid
  mkdir -p "$dir/conf" "$dir/checkpoints" "$dir/savepoints"
  cp "$conf/config.yaml" "$conf"/*.properties "$dir/conf"
  local setting
  # shellcheck disable=SC2086 # the options are words
  for setting in \
    rest.port="$rest_port" \
    jobmanager.rpc.port="$rpc_port" \
    execution.checkpointing.dir="file://$dir/checkpoints" \
    execution.checkpointing.savepoint-dir="file://$dir/savepoints" \
    ${ATALAYA_CLUSTER_OPTS:-}; do
    set_in_config "${setting%%=*}" "${setting#*=}"
  done
  echo "$rest_port" > "$dir/rest.port"
  launch jobmanager "${jobmanager_jvm[@]}" -- \
    org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint --configDir "$dir/conf"
  for ((i = 0; i < count; i++)); do
    start_taskmanager > /dev/null
  done
  await 120 enough_registered "$count"
  echo "Flink is up: http://localhost:$rest_port, $count TaskManager(s), files in $dir"
}

stop() {
  local name pids=()
  for name in $(names); do
    if alive "$name"; then
      pids+=("$(cat "$dir/$name.pid")")
    fi
    rm -f "$dir/$name.pid"
  done
  if ((${#pids[@]} > 0)); then
    kill "${pids[@]}" 2> /dev/null || true
    local deadline=$((SECONDS + 15))
    while kill -0 "${pids[@]}" 2> /dev/null; do
      ((SECONDS < deadline)) || kill -9 "${pids[@]}" 2> /dev/null || true
      sleep 0.1
    done
  fi
  rm -rf "$dir/tmp"
  if ((${#pids[@]} > 0)); then
    echo "stopped ${#pids[@]} process(es) of $dir"
  else
    echo "nothing was running in $dir"
  fi
}

kill_taskmanager() {
  local name=${1:+taskmanager-$1}
  name=${name:-$(taskmanagers | head -n 1)}
  [[ -n $name ]] && alive "$name" || fail "no such TaskManager is running: ${name:-none}"
  kill -9 "$(cat "$dir/$name.pid")"
  rm "$dir/$name.pid"
  echo "killed $name"
}

status() {
  local name
  for name in $(names); do
    alive "$name" && echo "$name: running, process $(cat "$dir/$name.pid")" || echo "$name: ended"
  done
  rest /overview && echo || fail "no cluster answers in $dir"
}

run_flink() {
  [[ -d $dir/conf ]] && rest /overview > /dev/null || fail "no cluster answers in $dir; start one first"
  local opens
  mapfile -t opens < <(java_opens)
  FLINK_CONF_DIR=$dir/conf exec "$java" -Xmx512m "${opens[@]}" \
    -Dlog4j.configurationFile="$dir/conf/log4j-cli.properties" \
    -cp "$(class_path)" org.apache.flink.client.cli.CliFrontend "$@"
}

command=${1:-}
[[ $# -gt 0 ]] && shift
case $command in
  start) start "$@" ;;
  stop) stop ;;
  status) status ;;
  taskmanager) alive jobmanager || fail "no cluster in $dir; start one first"; start_taskmanager ;;
  kill-taskmanager) kill_taskmanager "$@" ;;
  flink) run_flink "$@" ;;
  help | --help | -h) usage ;;
  *) usage >&2; exit 2 ;;
esac
