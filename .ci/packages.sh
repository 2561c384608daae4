# Read by ./run and ./test: installs what is missing from Debian or Ubuntu, and says so.

# The same Swift for every step, and no helper process that outlives a killed test.
export SWIFT_BACKTRACE=enable=no

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$0" "$*" >&2
    exit 1
}

# debian_packages NAME…: installs those that are not there.
debian_packages() {
    missing=
    for package in "$@"; do
        state=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
        [ "$state" = "install ok installed" ] || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null 2>&1 || fail "needs these packages, by their names in Debian:$missing"
    root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || fail "needs these packages, and root or sudo to install them:$missing"
        root=sudo
    fi
    say "installing from Debian:$missing"
    # A list that cannot be renewed is no reason to stop while the old one still serves.
    $root env DEBIAN_FRONTEND=noninteractive apt-get update -q || true
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing ||
        fail "could not install$missing"
}

# python_packages [--no-deps] NAME…: into a virtual environment of this tree.
python_packages() {
    alone=
    if [ "$1" = --no-deps ]; then
        alone=$1
        shift
    fi
    venv=.build/venv
    [ -x "$venv/bin/python" ] || /usr/bin/python3 -m venv "$venv" || fail "could not make $venv"
    for package in "$@"; do
        "$venv/bin/python" -m pip show -q "$package" >/dev/null 2>&1 && continue
        say "installing from PyPI into $venv: $package"
        "$venv/bin/python" -m pip install -q $alone "$package" || fail "could not install $package"
    done
}

need_swift() {
    command -v swift >/dev/null 2>&1 || fail "needs a Swift 6.2 or newer toolchain on PATH: https://swift.org/install/linux"
}
