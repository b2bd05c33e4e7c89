# What image.sh and compose.sh share: which engine there is, and how it builds the image. To be sourced from the repository's
# root. Where there is no Docker engine, IMAGE_SH may name a script that works by other means, into podman's store:
# SCRIPT tools, SCRIPT base, SCRIPT build FOLDER TAG, SCRIPT run TAG PORT, SCRIPT compose ARGUMENTS.
tag=fairframe:test
script=${IMAGE_SH:-$(ls ../*/tools/image.sh 2>/dev/null | head -1)}
if [ -n "$script" ]; then
  engine=podman
  bash "$script" tools
  bash "$script" base
elif docker info >/dev/null 2>&1; then
  engine=docker
else
  echo 'No Docker engine answers here, so nothing can be tried: start Docker, or name a script that can in IMAGE_SH.' >&2
  exit 1
fi

build() {
  if [ "$engine" = docker ]; then docker build -t "$2" "$1"; else bash "$script" build "$1" "$2"; fi
}
