#!/usr/bin/env bash
# Prints what the library costs beside no preload, an empty one, and other preload libraries of Debian.
set -euo pipefail
build=$1 rounds=${2:-31}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
library=$build/libshunt.so

mkdir -p "$work/keys" "$work/run"
chmod 700 "$work/run"
printf 'https://mirror.shunt.test/npm/' >"$work/keys/pkg-npm-url"
printf 'strict_chain\nlocalnet 127.0.0.0/255.0.0.0\n[ProxyList]\nsocks5 127.0.0.1 9\n' >"$work/proxychains.conf"
on=(LD_PRELOAD="$library" SHUNT=on SHUNT_KEYS="$work/keys" SHUNT_RUNTIME="$work/run")
variants=(none --
    'empty library' LD_PRELOAD="$build/bench/empty.so" --
    'shunt off' LD_PRELOAD="$library" --
    'shunt on' "${on[@]}" --)
proxychains=$(find /usr/lib -name 'libproxychains.so.4' | head -1)
fakechroot=$(find /usr/lib -path '*fakechroot*' -name 'libfakechroot.so' | head -1)
[ -z "$proxychains" ] || variants+=(proxychains4 LD_PRELOAD="$proxychains" PROXYCHAINS_QUIET_MODE=1 PROXYCHAINS_CONF_FILE="$work/proxychains.conf" --)
[ -z "$fakechroot" ] || variants+=(fakechroot LD_PRELOAD="$fakechroot" FAKECHROOT=true --)
"$build/bench/preload" "$rounds" "${variants[@]}"

# Calls added on the pass-through path: must be none.
count() { # ENVIRONMENT…
    env -i strace -qq -c -o "$work/count" "${@/#/-E}" "$build/bench/preload" calls >/dev/null
    awk '$NF == "total" { print $(NF > 5 ? 4 : 3) }' "$work/count"
}
if command -v strace >/dev/null; then
    printf '\nsystem calls of the measured calls, starting included: none %s, shunt off %s, shunt on %s\n' \
        "$(count SHUNT_BENCH=1)" "$(count LD_PRELOAD="$library")" "$(count "${on[@]}")"
fi
