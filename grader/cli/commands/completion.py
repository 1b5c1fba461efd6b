"""`grade completion`."""

from __future__ import annotations

import click

from grader.cli.options import debug_option

FILES = {
    "bash": "grade completion bash >> ~/.bashrc",
    "zsh": "grade completion zsh >> ~/.zshrc",
    "fish": "grade completion fish > ~/.config/fish/completions/grade.fish",
}


@click.command("completion", epilog="Install: " + "; ".join(FILES.values()) + ". Then open a new terminal.")
@click.argument("shell", type=click.Choice(list(FILES)))
@debug_option
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands in your shell."""
    from click.shell_completion import get_completion_class

    from grader.cli.output import emit

    kind = get_completion_class(shell)
    assert kind is not None
    emit(kind(ctx.find_root().command, {}, "grade", "_GRADE_COMPLETE").source() + "\n")
