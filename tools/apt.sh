#!/usr/bin/env bash
# Install Debian packages without questions, and without starting their services; as root only (callers look).
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
echo "apt-get install $*" >&2
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq </dev/null >&2
apt-get install -y -qq --no-install-recommends "$@" </dev/null >&2
