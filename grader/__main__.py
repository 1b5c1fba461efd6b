"""`python -m grader` is the command `grade`."""

import sys

from grader.current_folder import leave_current_folder

if __name__ == "__main__":
    try:
        leave_current_folder()  # before anything else is imported: `python -m` puts it first on the path

        from grader.cli import main
    except KeyboardInterrupt:  # `main` handles it from here on
        sys.exit(130)
    main()
