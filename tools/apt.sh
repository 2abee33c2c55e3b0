#!/usr/bin/env bash
# Install Debian packages without questions; as root only (callers look).
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
echo "apt-get install $*" >&2
apt-get update -qq </dev/null >&2
apt-get install -y -qq --no-install-recommends "$@" </dev/null >&2
