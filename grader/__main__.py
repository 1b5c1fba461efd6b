"""`python -m grader` is the command `grade`."""

from grader.current_folder import leave_current_folder

if __name__ == "__main__":
    leave_current_folder()  # before anything else is imported: `python -m` puts it first on the path

    from grader.cli import main

    main()
