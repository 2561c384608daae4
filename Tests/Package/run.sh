#!/bin/sh
# The package in a fresh Debian: installed, used, upgraded, downgraded, removed and purged. Needs root, debootstrap and a
# Debian mirror; there is no systemd in that root, so units are checked for being there, not started.
#   Tests/Package/run.sh [PROGRAM]     PROGRAM: built with --static-swift-stdlib; built here when not said
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
root=$work/root
daemon=

stop_daemon() {
    [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
    [ -z "$daemon" ] || wait "$daemon" 2>/dev/null || true
    daemon=
}

clean() {
    stop_daemon
    umount "$root/proc" 2>/dev/null || true
    rm -rf --one-file-system "$work"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

step() { printf '\n-- %s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$0" "$*" >&2
    [ ! -f "$work/log" ] || tail -n 20 "$work/log" >&2
    exit 1
}

# inside COMMAND…: in the fresh root.
inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive HOME=/root chroot "$root" "$@"; }

# expect WHAT COMMAND…: the command's output has that text.
expect() {
    wanted=$1
    shift
    said=$("$@" 2>&1) || true
    case $said in
    *"$wanted"*) ;;
    *) fail "$* did not say '$wanted' but: $said" ;;
    esac
}

# start: the daemon of the installed package on a virtual board, as the service would keep its things.
start() {
    rm -f "$root/run/axidrawd/socket"
    # Not through a function: the signal to stop is for the daemon, not for a shell around it.
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root STATE_DIRECTORY=/var/lib/axidrawd RUNTIME_DIRECTORY=/run/axidrawd \
        AXIDRAWD_DEFAULT_ACCESS=keys chroot "$root" \
        axidrawd serve --simulate --speed max --listen unix:/run/axidrawd/socket >"$work/log" 2>&1 &
    daemon=$!
    for _ in $(seq 300); do
        [ ! -S "$root/run/axidrawd/socket" ] || return 0
        kill -0 "$daemon" 2>/dev/null || return 1
        sleep 0.2
    done
    fail "the daemon did not come up"
}

client() {
    verb=$1
    shift
    inside axidrawd "$verb" "$@" --url unix:/run/axidrawd/socket
}

step "packages"
if [ $# -gt 0 ]; then program=$1; else
    ./package -o "$work/packages"
    program=.build/release/axidrawd
fi
for revision in 1 2; do ./package --binary "$program" -o "$work/packages" --revision "$revision" >"$work/log" 2>&1 || fail "no package"; done
old=$(ls "$work"/packages/*-1_*.deb)
new=$(ls "$work"/packages/*-2_*.deb)

step "a fresh Debian"
debootstrap --variant=minbase bookworm "$root" >"$work/log" 2>&1 || fail "no fresh root"
mount -t proc proc "$root/proc" 2>/dev/null || true
mkdir -p "$root/packages" "$root/run/axidrawd"
cp "$old" "$new" "$root/packages/"
old=/packages/$(basename "$old")
new=/packages/$(basename "$new")
cp fixtures/plots/logo/input.svg "$root/drawing.svg"
inside find / -xdev -not -path '/proc/*' | LC_ALL=C sort >"$work/before"

step "installed, without a toolchain"
inside apt-get install -q -y --no-install-recommends "$old" >"$work/log" 2>&1 || fail "it does not install"
expect "axidrawd 0" inside axidrawd version
for file in /lib/systemd/system/axidrawd.service /lib/udev/rules.d/70-axidraw.rules /usr/share/man/man1/axidrawd.1.gz \
    /usr/share/bash-completion/completions/axidrawd; do
    inside test -s "$file" || [ "${file#/usr/share/man}" != "$file" ] || fail "$file is not there"
done
inside sh -c 'axidrawd plot /drawing.svg --simulate --quiet -o /drawn.png' || fail "it does not plot"
[ "$(head -c 4 "$root/drawn.png" | tail -c 3)" = PNG ] || fail "plot made no picture"
rm "$root/drawn.png"

step "a virtual board for somebody without rights or a daemon"
printf 'V\rQP\r' | inside setpriv --reuid=65534 --regid=65534 --clear-groups axidrawd board --stdio --speed max >"$work/said" 2>"$work/log" ||
    fail "no board"
expect "EBBv13_and_above EB Firmware Version 3.0.3" cat "$work/said"

step "the service's user, and nobody else, may keep the machine awake: asked of polkit itself"
inside apt-get install -q -y --no-install-recommends polkitd policykit-1 dbus systemd >"$work/log" 2>&1 || fail "no polkit"
inside getent passwd axidrawd >/dev/null || inside useradd --system axidrawd
inside useradd --system visitor
cat >"$root/asks" <<'ASKS'
mkdir -p /run/dbus
dbus-daemon --system --fork
/usr/lib/polkit-1/polkitd --no-debug &
polkit=$!
for _ in $(seq 100); do
    # A question to it would have the bus start a second one.
    if dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
        string:org.freedesktop.PolicyKit1 2>/dev/null | grep -q true; then break; fi
    sleep 0.2
done
for user in axidrawd visitor; do
    for action in inhibit-block-sleep power-off; do
        setpriv --reuid=$user --regid=$user --clear-groups sleep 60 &
        sleep 0.2
        if pkcheck --action-id "org.freedesktop.login1.$action" --process $! >/dev/null 2>&1; then echo "$user $action"; fi
        kill $!
    done
done
kill "$polkit" "$(cat /run/dbus/pid)"
ASKS
allowed=$(inside sh /asks 2>"$work/log") || fail "polkit was not asked"
rm "$root/asks"
[ "$allowed" = "axidrawd inhibit-block-sleep" ] || fail "allowed is: $allowed"

step "a daemon, a key, a drawing"
start || fail "the daemon does not start"
expect "axd_" inside axidrawd keys add studio --role operator
id=$(client submit /drawing.svg --quiet --follow --json 2>/dev/null | sed -n 's/.*"id": *"\([^"]*\)".*/\1/p' | head -n 1)
[ -n "$id" ] || fail "no job was made"
expect done client show "$id"
stop_daemon

step "upgraded and downgraded: the queue stays"
for package in "$new" "$old" "$new"; do
    inside apt-get install -q -y --allow-downgrades --no-install-recommends "$package" >"$work/log" 2>&1 || fail "$package does not install"
    start || fail "the daemon does not start after $package"
    expect done client show "$id"
    stop_daemon
done

step "a spool of a newer program: refused, naming both, nothing touched"
cp "$root/var/lib/axidrawd/VERSION" "$work/version" 2>/dev/null || cp "$root"/var/lib/axidrawd/*/VERSION "$work/version"
place=$(find "$root/var/lib/axidrawd" -name VERSION | head -n 1)
printf '99\n' >"$place"
code=0
start || { wait "$daemon" || code=$?; }
daemon=
[ "$code" = 78 ] || fail "exit code $code instead of 78"
grep -q 99 "$work/log" || fail "the refusal does not name the version"
[ "$(cat "$place")" = 99 ] || fail "the spool was touched"
cp "$work/version" "$place"
start || fail "the daemon does not start with its own spool again"
expect done client show "$id"
stop_daemon

step "removed: what people made stays; purged: nothing does"
inside apt-get remove -q -y axidrawd >"$work/log" 2>&1 || fail "it cannot be removed"
inside test -e /usr/bin/axidrawd && fail "the program is still there"
[ -f "$place" ] || fail "removing deleted the queue"
inside apt-get purge -q -y axidrawd >"$work/log" 2>&1 || fail "it cannot be purged"
inside find / -xdev -not -path '/proc/*' | LC_ALL=C sort >"$work/after"
left=$(comm -13 "$work/before" "$work/after" | grep -i axidraw || true)
[ -z "$left" ] || fail "left behind: $left"

printf '\nthe package: every step held\n'
