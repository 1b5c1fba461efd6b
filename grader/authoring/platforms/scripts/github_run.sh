#!/usr/bin/env bash
# The action runs this for each push. It ends with 0 if the program has all points.
set -uo pipefail
action="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
python="${GRADE_ENVIRONMENT:-/opt/cnn-grader}/bin/python"
code=0
"$python" -I -m grader.batch.platform_run github "$action/job" "$GITHUB_WORKSPACE" "$GITHUB_STEP_SUMMARY" || code=$?
if [ "$code" -gt 3 ]; then # killed
    cat "$action/job/no_score" >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
