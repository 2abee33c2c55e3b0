#!/usr/bin/env bash
# Make the virtual environment $1 with the newest Python >= 3.11 found; Debian keeps `venv` in a package of its own.
set -euo pipefail
venv=$1

python=
for candidate in python3 python3.12 python3.13 python3.11 python3.14; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    "$(dirname "$0")/apt.sh" python3 python3-venv
    python=python3
  else
    echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2
    exit 1
  fi
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    "$(dirname "$0")/apt.sh" python3-venv
  else
    echo "缺少 python3-venv / python3-venv is missing: sudo apt-get install python3-venv" >&2
    exit 1
  fi
fi
trap 'rm -rf "$venv"' ERR INT TERM  # half an environment would look like a whole one to make
"$python" -m venv "$venv"
