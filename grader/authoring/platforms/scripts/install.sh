#!/usr/bin/env bash
# Install the grader into an environment of its own. The argument is the folder that holds its wheel.
# If there is a file `extra` in this folder, it names what else the exercise needs, such as [keras].
set -euo pipefail
folder="$1"
environment="${GRADE_ENVIRONMENT:-/opt/cnn-grader}"
extra=""
if [ -e "$folder/extra" ]; then
    extra="$(cat "$folder/extra")"
fi

find_python() {
    local name path
    for name in python3.13 python3.12 python3.11 python3; do
        if path="$(command -v "$name")" && "$path" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))'; then
            echo "$path"
            return
        fi
    done 2>/dev/null
    return 1
}

if ! python="$(find_python)"; then
    apt-get update
    apt-get install -y --no-install-recommends python3.11 python3.11-venv libseccomp2
    if ! python="$(find_python)"; then
        echo "The grader needs Python 3.11 or later, and this image has no package of it. Choose a newer image." >&2
        exit 1
    fi
fi
"$python" -m venv "$environment"
wheels=("$folder"/cnn_grader-*.whl)
"$environment/bin/python" -m pip install --disable-pip-version-check "${wheels[0]}$extra"
