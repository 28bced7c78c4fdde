#!/usr/bin/env bash
# Lighthouse's marks for accessibility and best practices of every kind of page, in both languages, on a running site:
#   bench/lighthouse.sh [http://127.0.0.1:8050] [address ...]
# Lighthouse comes through npx (Node 20 or newer) and drives Debian's Chromium. Fails when a mark is below 100.
set -euo pipefail
site=${1:-http://127.0.0.1:8050}
shift || true
export CHROME_PATH=${CHROME_PATH:-$(command -v chromium)}
flags="--headless=new"
[ "$(id -u)" -ne 0 ] || flags="$flags --no-sandbox"
# The addresses that the browser tests try, one for each kind of page.
[ $# -gt 0 ] || mapfile -t pages < <(.venv/bin/python -c '
from tests.addresses import ADDRESSES
print(*(prefix + address for prefix in ("", "/en") for address in ADDRESSES.values()), sep="\n")')
[ $# -eq 0 ] || pages=("$@")
marks='const { categories, audits } = JSON.parse(require("fs").readFileSync(process.argv[2]));
const named = Object.values(categories).map(({ id, score }) => `${id} ${Math.round(score * 100)}`);
const below = Object.values(categories).flatMap(({ auditRefs }) => auditRefs)
  .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 1).map(({ id }) => id);
console.log(process.argv[1].padEnd(48), named.join(", "), below.join(", "));
process.exitCode = below.length ? 1 : 0;'
report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
for page in "${pages[@]}"; do
    npx --yes lighthouse "$site$page" --quiet --output=json --output-path="$report" \
        --only-categories=accessibility,best-practices --chrome-flags="$flags"
    node -e "$marks" "$page" "$report" || status=1
done
exit $status
