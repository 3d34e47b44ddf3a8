"""The sub-commands of `image-bot`, one typer application each."""
