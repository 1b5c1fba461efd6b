#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image of an assignment.
set -euo pipefail
source_folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
bash "$source_folder/install.sh" "$source_folder"
