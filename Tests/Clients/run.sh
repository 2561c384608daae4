#!/bin/sh
# Other people's software against the virtual board: plotink, pyserial scripts, the habits of other drivers.
#   Tests/Clients/run.sh [PATH-TO-axidrawd]
# Needs Chromium, Python 3 with pyserial and plotink (./test puts them into .build/venv) and umockdev with its bindings for Python.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$folder/../.." && pwd)
AXIDRAWD=${1:-$root/.build/debug/axidrawd}
export AXIDRAWD
if [ ! -x "$AXIDRAWD" ]; then
    echo "$0: $AXIDRAWD is not there; swift build makes it" >&2
    exit 1
fi
python=$root/.build/venv/bin/python
[ -x "$python" ] || python=python3
cd "$folder"
exec "$python" -B -m unittest discover --verbose --pattern '*_test.py'
