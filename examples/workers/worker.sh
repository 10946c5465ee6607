#!/bin/bash
# A Bellhop worker in bash, with curl and jq. It runs one job at a time; put your own tasks into do_task.
set -u
url=${BELLHOP_URL:-http://localhost:3000}
lease=${BELLHOP_LEASE_SECONDS:-30}
grace=${BELLHOP_GRACE_SECONDS:-30}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
stopping='' idle=''
# An answer may be on its way; what it has not delivered a second later the API takes back.
trap 'stopping=yes; if [ "$idle" ]; then { sleep 1; kill -ALRM $$; } & fi' TERM INT
trap 'if [ "$idle" ]; then kill "$curl"; exit 0; fi' ALRM
worker=$(jq -cn --arg id "sh-${HOSTNAME:0:20}-$$-$RANDOM$RANDOM" --arg version "$BASH_VERSION" --argjson pid $$ \
  '{id: ($id | gsub("[^A-Za-z0-9._-]"; "-")), language: "bash", version: $version, pid: $pid}')

# Does the job in the file $1. The JSON on standard output is its result; when it returns 1, that is the body of POST /jobs/{id}/fail, and
# when it ends with anything else what it has written to standard error is the message.
do_task () {
  case $(jq -r .task "$1") in
    echo) jq -c .input "$1" ;;
    fail)
      jq -c '.input | {error: {message}} + with_entries(select(.key == ("retry", "retry_after_seconds")))' "$1" || return 2
      return 1 ;;
    flaky)
      jq -e '.attempt > .input.failures' "$1" > /dev/null || { echo 'not yet' >&2; return 2; }
      jq -c '{attempt}' "$1" ;;
    sleep)
      jq -e '.input.seconds | numbers' "$1" > "$dir/seconds" || { echo 'seconds must be a number' >&2; return 2; }
      sleep "$(< "$dir/seconds")"
      jq -c '{slept: .input.seconds}' "$1" ;;
    *)
      echo '{"error": {"message": "no such task", "reason": "no_handler"}, "retry": false}'
      return 1 ;;
  esac
}

# Posts standard input until there is an answer, as late as Retry-After says. Returns 1 for a 404 or 409: the job is no longer ours.
post () {
  cat > "$dir/body"
  while true; do
    curl -s --max-time 40 "$url$1" -H "authorization: Bearer ${BELLHOP_API_KEY:-}" -H 'content-type: application/json' -H 'expect:' \
      --data-binary @"$dir/body" -D "$dir/head" -o "$dir/answer" -w '%{http_code}' > "$dir/status" & curl=$!
    # A signal ends the wait, and not the request.
    while kill -0 $curl 2> /dev/null; do wait $curl; done
    case $(< "$dir/status") in
      2*) return 0 ;;
      404 | 409) return 1 ;;
      000) sleep 1 ;;
      408 | 429 | 5*) sleep "$(tr -d '\r' < "$dir/head" | sed -n 's/^[Rr]etry-[Aa]fter: //p' | grep . || echo 1)" ;;
      *) echo "$1: $(cat "$dir/answer")" >&2; exit 1 ;;
    esac
  done
}

# What is said of the job: its lease token, and the object that the jq program $2 makes.
# Ctrl-C comes to all processes of a terminal, and systemd's SIGTERM to all of a service: those that say it are to go on.
tell () (
  trap '' INT TERM
  jq -cn --arg token "$(jq -r .lease_token "$dir/job")" "{lease_token: \$token} + $2" "${@:3}" | post "/jobs/$id/$1"
)

work () {
  id=$(jq -r .id "$dir/job")
  local start=$SECONDS beat=$((SECONDS + lease / 3)) release='' limit verdict=''
  limit=$(jq '.timeout_seconds // 1000000000' "$dir/job")
  # A process group of its own, so that all of it can be stopped.
  set -m
  do_task "$dir/job" > "$dir/result" 2> "$dir/error" & local task=$!
  set +m
  while [ ! "$verdict" ] && kill -0 $task 2> /dev/null; do
    sleep 0.1
    [ "$stopping" ] && release=${release:-$((SECONDS + grace))}
    if [ $((SECONDS - start)) -gt "$limit" ]; then
      verdict=timed_out
    elif [ "$release" ] && [ $SECONDS -ge "$release" ]; then
      verdict=release
    elif [ $SECONDS -ge $beat ]; then
      beat=$((SECONDS + lease / 3))
      if ! tell heartbeat '{}'; then
        verdict=gone # cancelled or lost: nobody wants to hear of it any more
      elif [ "$(jq -r .worker_state "$dir/answer")" != run ]; then
        stopping=yes
      fi
    fi
  done
  [ "$verdict" ] && kill -- -$task 2> /dev/null
  wait $task 2> /dev/null
  case ${verdict:-$?} in
    0) tell complete '([inputs] | if . == [] then {} else {result: .[0]} end)' "$dir/result" ;;
    1) tell fail 'input' "$dir/result" ;;
    timed_out) tell fail '{error: {message: "it took too long", reason: "timed_out"}}' ;;
    release) tell release '{}' ;;
    gone) ;;
    *) tell fail '{error: {message: $message[0:2000]}}' --arg message "$(tail -c 8000 "$dir/error")" ;;
  esac
}

while [ ! "$stopping" ]; do
  curl=$$ idle=yes
  jq -cn --argjson worker "$worker" --arg queue "${BELLHOP_QUEUE:-default}" --argjson lease "$lease" \
    '{worker: $worker, queues: [$queue], max: 1, wait_seconds: 20, lease_seconds: $lease}' > "$dir/request"
  post /leases < "$dir/request" || { echo "$url is not where Bellhop is: /leases is not there" >&2; exit 1; }
  idle=''
  [ "$(jq -r .worker_state "$dir/answer")" = run ] || stopping=yes
  jq -c '.jobs[0] // empty' "$dir/answer" > "$dir/job"
  [ -s "$dir/job" ] && work
done
exit 0
