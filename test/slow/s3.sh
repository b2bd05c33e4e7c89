#!/usr/bin/env bash
# `npm run test:s3`: the storage contract against a real S3 server. TEST_S3_ENDPOINT may name one; otherwise S3_SH (or the
# first ../*/tools/s3.sh) starts Ceph's radosgw from Debian's packages on loopback: SCRIPT start FOLDER PORT, SCRIPT stop FOLDER.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -z "${TEST_S3_ENDPOINT:-}" ]; then
  script=${S3_SH:-$(ls ../*/tools/s3.sh 2>/dev/null | head -1)}
  if [ -z "$script" ]; then
    echo 'Set TEST_S3_ENDPOINT to the address of an S3 server, or S3_SH to a script that starts one.' >&2
    exit 1
  fi
  command -v radosgw >/dev/null || apt-get install -y -qq --no-install-recommends ceph-mon ceph-osd radosgw >/dev/null
  folder=$(mktemp -d)
  trap 'bash "$script" stop "$folder"; rm -rf "$folder"' EXIT
  bash "$script" start "$folder" 38573
  export TEST_S3_ENDPOINT=http://127.0.0.1:38573
fi
node_modules/.bin/vitest run -c test/slow/vitest.config.ts s3
