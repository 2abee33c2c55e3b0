// Makes src/api/openapi.json and src/api/schema.d.ts from the server's route table (no running server is needed).
// `--check` writes nothing and fails when the committed files are not what the server says now.
// TONGKE_PYTHON names the Python to ask (default: ../.venv/bin/python).
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../..')
const python = process.env.TONGKE_PYTHON ?? resolve(root, '.venv/bin/python')
const targets = {
  document: resolve(here, '../src/api/openapi.json'),
  types: resolve(here, '../src/api/schema.d.ts'),
}

// A field of a request that has a default may be left out.
const OPTIONS = { defaultNonNullable: false }

const document = JSON.parse(
  execFileSync(python, ['-m', 'server', 'openapi'], { cwd: root, encoding: 'utf8', maxBuffer: 32 << 20 }),
)
const made = {
  document: `${JSON.stringify(document, null, 1)}\n`,
  types: `// Generated from the server's OpenAPI document by \`npm run types\`. Do not edit.\n${astToString(await openapiTS(document, OPTIONS))}`,
}

let stale = false
for (const [key, path] of Object.entries(targets)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(path, made[key])
  } else if (readFileSync(path, 'utf8') !== made[key]) {
    console.error(`${path} is stale: run \`npm run types\` and commit the result.`)
    stale = true
  }
}
process.exitCode = stale ? 1 : 0
