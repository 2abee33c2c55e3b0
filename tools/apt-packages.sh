#!/usr/bin/env bash
# What the tests need from Debian: a Chromium, a font with Chinese characters, PostgreSQL, what network namespaces are made with.
set -euo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium)
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
PATH="$PATH:/usr/sbin:/sbin"
command -v ip >/dev/null || missing+=(iproute2)
command -v iptables >/dev/null || missing+=(iptables)
if ! { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn 2>/dev/null | head -c1)" ]; }; then
  missing+=(fontconfig fonts-noto-cjk)
fi
[ ${#missing[@]} = 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  "$(dirname "$0")/apt.sh" "${missing[@]}"
else
  echo "测试需要这些系统包 / the tests need these packages: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi
