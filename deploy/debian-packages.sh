#!/bin/sh
# Install the named Debian packages that are missing: as root or through sudo without a password; otherwise say which
# command does it and fail. On a system without dpkg, name what is needed and go on: whoever needs it will complain.
set -eu

command -v dpkg-query >/dev/null || { echo "Not a Debian system; needed from elsewhere: $*" >&2; exit 0; }

missing=""
for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    echo "Missing Debian packages. Install them with:  sudo apt-get install$missing" >&2
    exit 1
fi

echo "Installing Debian packages:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
