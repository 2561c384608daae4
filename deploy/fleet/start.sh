#!/bin/sh
# Starts one daemon of a fleet, in place of the original's start script: what that wrote into Consul by hand (address,
# state, first product) the daemon publishes by itself, again after each start and each loss.
#
#   CONSUL_HTTP_ADDR   agent of Consul, such as 127.0.0.1:8500; empty = none
#   NOMAD_ADDR         server or agent of Nomad, such as http://127.0.0.1:4646; empty = presses are drawn by the daemon itself
#   NOMAD_JOB          parameterized job that a press dispatches                     plot
#   PUBLIC_URL         where others reach this daemon: a tunnel's name, as it is now
#   LISTEN             where it listens                                              127.0.0.1:8080
#   PROXIES            proxies or tunnels that are believed, with commas             127.0.0.1
#   AXIDRAWD           the program                                                   axidrawd
#
# Further words go to "axidrawd serve": --products FILE, --simulate, --state FOLDER, …
set -eu

fail() {
    printf '%s: %s\n' "$0" "$*" >&2
    exit 64
}

# text NAME VALUE: VALUE as a text of JSON; what would need escaping is no address.
text() {
    case $2 in
    *[!A-Za-z0-9._:/@%,?=\&~+-]*) fail "$1 has a character that no address has" ;;
    esac
    printf '"%s"' "$2"
}

# url NAME VALUE: the same; Consul's own variable may stand without a scheme.
url() {
    case $2 in
    http://* | https://* | unix:*) text "$1" "$2" ;;
    *) text "$1" "http://$2" ;;
    esac
}

consul=null
if [ -n "${CONSUL_HTTP_ADDR-}" ]; then
    address=null
    [ -z "${PUBLIC_URL-}" ] || address=$(url PUBLIC_URL "$PUBLIC_URL")
    consul="{\"url\": $(url CONSUL_HTTP_ADDR "$CONSUL_HTTP_ADDR"), \"address\": $address}"
fi
nomad=null
if [ -n "${NOMAD_ADDR-}" ]; then
    nomad="{\"url\": $(url NOMAD_ADDR "$NOMAD_ADDR"), \"job\": $(text NOMAD_JOB "${NOMAD_JOB:-plot}")}"
fi
proxies=$(text PROXIES "${PROXIES-127.0.0.1}")
[ "$proxies" = '""' ] || proxies=$(printf '%s' "$proxies" | sed 's/,/", "/g')
[ "$proxies" != '""' ] || proxies=

folder=${RUNTIME_DIRECTORY:-${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}}
config=$(umask 077 && mktemp "$folder/axidrawd-fleet.XXXXXX") || fail "cannot write into $folder"
printf '{"version": 1, "proxies": [%s], "cluster": {"consul": %s, "nomad": %s}}\n' "$proxies" "$consul" "$nomad" >"$config"
"${AXIDRAWD:-axidrawd}" config check "$config" >/dev/null || exit 78

exec "${AXIDRAWD:-axidrawd}" serve --config "$config" --listen "${LISTEN:-127.0.0.1:8080}" "$@"
