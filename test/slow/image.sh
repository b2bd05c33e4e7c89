#!/usr/bin/env bash
# `npm run test:image`: builds the container image, holds it to its size, runs it as docker-compose.yml does (read-only, no
# capabilities, not root) and waits until it is ready. Where there is no Docker engine, see engine.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
. test/slow/engine.sh

port=${IMAGE_PORT:-38471}
most_mb=900
seconds_to_ready=60

if [ "$engine" = podman ]; then
  name=run-$port
  volume=data-$port
else
  name=fairframe-image-test-$$
  volume=$name
fi

finish() {
  "$engine" rm -f "$name" >/dev/null 2>&1 || true
  "$engine" volume rm "$volume" >/dev/null 2>&1 || true
}

start() {
  if [ "$engine" = docker ]; then
    docker run -d --name "$name" --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
      -v "$volume:/data" -p "127.0.0.1:$port:3000" "$tag"
  else
    bash "$script" run "$tag" "$port"
  fi
}

failed() {
  echo "FAILED: $1" >&2
  "$engine" logs "$name" 2>&1 | tail -n 40 >&2 || true
  exit 1
}

# Asked with node, which every machine with this repository has.
status() {
  node -e "fetch('http://127.0.0.1:$port$1', { signal: AbortSignal.timeout(2000) }).then((a) => console.log(a.status), () => console.log('none'))"
}

build . "$tag"
mb=$(($(node bench/programs/image-size.ts "$engine" "$tag") / 1000000))
echo "The image has $mb MB, of $most_mb it may have."
[ "$mb" -le "$most_mb" ] || failed 'the image is too big'

trap finish EXIT
start >/dev/null
began=$SECONDS
until [ "$(status /readyz)" = 200 ]; do
  [ $((SECONDS - began)) -lt "$seconds_to_ready" ] || failed "not ready after $seconds_to_ready s"
  [ "$("$engine" inspect --format '{{.State.Running}}' "$name")" = true ] || failed 'it stopped by itself'
  sleep 0.5
done
echo "Ready after $((SECONDS - began)) s."

"$engine" exec "$name" node docker/health.mjs || failed 'its health check says no'
[ "$("$engine" exec "$name" id -u)" = 1000 ] || failed 'it does not run as user 1000'
if "$engine" exec "$name" sh -c 'touch /app/probe' 2>/dev/null; then failed 'its root folder can be written'; fi

began=$SECONDS
"$engine" stop -t 40 "$name" >/dev/null
code=$("$engine" inspect --format '{{.State.ExitCode}}' "$name")
[ "$code" = 0 ] || failed "it ended with code $code when asked to stop"
echo "Stopped in $((SECONDS - began)) s."
echo '1 passed, 0 failed'
