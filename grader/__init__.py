"""A local autograder for numerical exercises, with a course on convolutional neural networks."""

__version__ = "0.1.0"


def load_ipython_extension(shell: object) -> None:
    """Give a notebook the magic `grade`: `%load_ext grader` calls this."""
    from grader.cli.notebook_magic import register

    register(shell)


def unload_ipython_extension(shell: object) -> None:
    """Stop collecting the cells of a notebook: `%unload_ext grader` calls this."""
    from grader.cli.notebook_magic import unregister

    unregister(shell)
